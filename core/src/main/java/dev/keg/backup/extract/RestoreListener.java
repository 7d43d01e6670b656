package dev.keg.backup.extract;

import dev.keg.tree.TreePath;

/** Hears of the progress of a restore, from any of its threads. */
public interface RestoreListener {
  /** Ignores everything. */
  RestoreListener NONE =
      new RestoreListener() {
        @Override
        public void advanced(TreePath path, long bytes) {}

        @Override
        public void note(TreePath path, Note note, String text) {}
      };

  /** What can be wrong with a file. */
  enum Note {
    /**
     * A part of it could not be kept, for lack of rights or because the file system has no such.
     */
    LOST,
    /** It, or a part of it, was left out because the archive is not trusted so far. */
    LEFT_OUT,
    /** The volume itself has another driver or other options than the backup. Told of the root. */
    OTHER_VOLUME,
    /** Its bytes are damaged, and it is not restored. */
    DAMAGED,
    /** All files are whole, and what tar needs to find them is not. Told of the root. */
    DAMAGED_FOR_TAR
  }

  /** A file is restored, or a part of a large one, with so many bytes. */
  void advanced(TreePath path, long bytes);

  void note(TreePath path, Note note, String text);
}
