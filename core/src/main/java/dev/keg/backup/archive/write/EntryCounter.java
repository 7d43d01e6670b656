package dev.keg.backup.archive.write;

import dev.keg.backup.archive.index.Totals;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;

/** Counts the contents of an archive, and forwards events to the listener. */
final class EntryCounter implements TreeListener {
  private final TreeListener listener;
  private long entries;
  private long files;
  private long bytes;
  private long changedFiles;
  private long unreadable;
  private long mounts;
  private long rewritten;
  private long flagged;

  EntryCounter(TreeListener listener) {
    this.listener = listener;
  }

  void archived(Entry entry, boolean changed) {
    entries++;
    if (entry.kind() instanceof RegularFile file) {
      files++;
      bytes += file.stored();
      listener.finished();
    }
    if (changed) {
      changedFiles++;
    }
  }

  /** Counts the file's flags, which the archive lacks; called once for all of its names. */
  void seen(Stat stat) {
    flagged += stat.flagged() ? 1 : 0;
  }

  Totals totals() {
    return new Totals(entries, files, bytes, changedFiles);
  }

  /**
   * Records an unchanged file that is written again, because its data in an earlier archive is
   * damaged.
   */
  void rewritten() {
    rewritten++;
  }

  ArchiveSummary summary(long names, long written) {
    return new ArchiveSummary(totals(), names, unreadable, mounts, rewritten, flagged, written);
  }

  @Override
  public void advanced(long more) {
    listener.advanced(more);
  }

  @Override
  public void note(TreePath path, Note note, String text) {
    if (note == Note.UNREADABLE) {
      unreadable++;
    }
    if (note == Note.MOUNT_POINT) {
      mounts++;
    }
    listener.note(path, note, text);
  }
}
