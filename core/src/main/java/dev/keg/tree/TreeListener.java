package dev.keg.tree;

import dev.keg.file.WorkListener;

/** Receives the progress of saving or restoring a tree, from any thread that works on it. */
@FunctionalInterface
public interface TreeListener {
  /** Ignores everything. Not a lambda, which an AOT cache would not contain. */
  TreeListener NONE =
      new TreeListener() {
        @Override
        public void note(TreePath path, Note note, String text) {}
      };

  /** What can be wrong with a file. */
  enum Note {
    /** It was written to while it was read, so its saved content may be inconsistent. */
    CHANGED,
    /** It was removed while the tree was walked, and is not saved. */
    VANISHED,
    /** It cannot be read, and is not saved. */
    UNREADABLE,
    /** A socket means nothing without its process, and is not saved. */
    SOCKET,
    /** Another file system is mounted there, whose content is not saved. */
    MOUNT_POINT,
    /** A part of it could not be restored, for lack of rights or of support in the file system. */
    LOST,
    /** It, or a part of it, was left out because the archive is not trusted. */
    LEFT_OUT,
    /** The volume has another driver or other options than the backup. Reported for the root. */
    OTHER_VOLUME,
    /** Its bytes are damaged, and it is not restored. */
    DAMAGED,
    /**
     * All files are sound, but the data that tar needs to find them is not. Reported for the root.
     */
    DAMAGED_FOR_TAR
  }

  /** Forwards progress, without notes. */
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

  /** Forwards progress to this listener, and notes to another. */
  default TreeListener withNotes(TreeListener notes) {
    TreeListener outer = this;
    return new TreeListener() {
      @Override
      public void advanced(long bytes) {
        outer.advanced(bytes);
      }

      @Override
      public void finished() {
        outer.finished();
      }

      @Override
      public void note(TreePath path, Note note, String text) {
        notes.note(path, note, text);
      }
    };
  }

  /** This many more bytes of content were read or written. */
  default void advanced(long bytes) {}

  /** A regular file is complete. */
  default void finished() {}

  void note(TreePath path, Note note, String text);

  /** Turns losses of a file's attributes into notes. */
  default Losses losses() {
    return (path, what, why) -> note(path, Note.LOST, what + ": " + why);
  }
}
