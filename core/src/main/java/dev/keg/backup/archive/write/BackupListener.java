package dev.keg.backup.archive.write;

import dev.keg.tree.TreePath;

/** Is told how a backup goes on, by the thread that reads the tree. */
public interface BackupListener {
  /** Ignores everything. */
  BackupListener NONE =
      new BackupListener() {
        @Override
        public void advanced(TreePath path, long bytes) {}

        @Override
        public void note(TreePath path, Note note, String text) {}
      };

  /** What can be wrong with a file. */
  enum Note {
    /** It was written to while it was read: what is in the archive may be neither old nor new. */
    CHANGED,
    /** It was removed while the tree was walked, and is not in the archive. */
    VANISHED,
    /** It cannot be read, and is not in the archive. */
    UNREADABLE,
    /** A socket means nothing without its process, and is not in the archive. */
    SOCKET,
    /** Another file system is mounted there, and its content is not in the archive. */
    MOUNT_POINT
  }

  /** An entry is in the archive, with so many bytes of content. */
  void advanced(TreePath path, long bytes);

  void note(TreePath path, Note note, String text);
}
