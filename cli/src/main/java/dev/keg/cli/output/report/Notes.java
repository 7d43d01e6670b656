package dev.keg.cli.output.report;

import dev.keg.cli.output.table.VisibleText;
import dev.keg.tree.TreeListener.Note;
import dev.keg.tree.TreePath;

/** What was not preserved exactly, in words. */
public final class Notes {
  private Notes() {}

  static String words(TreePath path, Note note, String text) {
    return switch (note) {
      case CHANGED -> path + ": changed while it was read: " + text;
      case VANISHED, SOCKET -> path + ": not in the backup: " + text;
      case UNREADABLE -> path + ": not in the backup: cannot be read: " + text;
      case MOUNT_POINT -> path + ": the file system mounted there is not in the backup: " + text;
      case LOST -> path + ": cannot be preserved here: " + text;
      case LEFT_OUT -> path + ": left out: " + text;
      case OTHER_VOLUME ->
          VisibleText.line(text) + "; --same-place, or `keg repo trust`, accepts what it says";
      case DAMAGED -> path + ": not restored: " + text;
      case DAMAGED_FOR_TAR -> "all files are intact, but tar cannot read the archive: " + text;
    };
  }
}
