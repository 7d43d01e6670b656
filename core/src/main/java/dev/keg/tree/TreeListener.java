package dev.keg.tree;

import dev.keg.file.WorkListener;

/** Hears how a tree is saved or restored, from any thread that works on it. */
@FunctionalInterface
public interface TreeListener {
  /** Ignores everything. */
  TreeListener NONE = (_, _, _) -> {};

  /** What can be wrong with a file. */
  enum Note {
    /** It was written to while it was read: what is saved may be neither old nor new. */
    CHANGED,
    /** It was removed while the tree was walked, and is not saved. */
    VANISHED,
    /** It cannot be read, and is not saved. */
    UNREADABLE,
    /** A socket means nothing without its process, and is not saved. */
    SOCKET,
    /** Another file system is mounted there, and its content is not saved. */
    MOUNT_POINT,
    /** A part of it could not be restored, for lack of rights or of support in the file system. */
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

  /** Passes on how far the work has come, and no notes. */
  static TreeListener of(WorkListener work) {
    return new TreeListener() {
      @Override
      public void advanced(long bytes) {
        work.advanced(0, bytes);
      }

      @Override
      public void finished() {
        work.advanced(1, 0);
      }

      @Override
      public void note(TreePath path, Note note, String text) {}
    };
  }

  /** Passes on how far the work has come to this listener, and the notes to another. */
  default TreeListener withNotes(TreeListener notes) {
    TreeListener told = this;
    return new TreeListener() {
      @Override
      public void advanced(long bytes) {
        told.advanced(bytes);
      }

      @Override
      public void finished() {
        told.finished();
      }

      @Override
      public void note(TreePath path, Note note, String text) {
        notes.note(path, note, text);
      }
    };
  }

  /** This many more bytes of content are read or written. */
  default void advanced(long bytes) {}

  /** A regular file is complete. */
  default void finished() {}

  void note(TreePath path, Note note, String text);

  /** Notes what could not be kept of a file. */
  default Losses losses() {
    return (path, what, why) -> note(path, Note.LOST, what + ": " + why);
  }
}
