package dev.keg.file;

/** Receives the progress of long work, from any thread that does it. */
@FunctionalInterface
public interface WorkListener {
  /** Ignores everything. Not a lambda, which an AOT cache would not contain. */
  WorkListener NONE =
      new WorkListener() {
        @Override
        public void advanced(long files, long bytes) {}
      };

  /**
   * Whether anybody sees the progress. Otherwise, there is no need to count in advance, or to
   * examine a file only for its size.
   */
  default boolean isWatched() {
    return false;
  }

  /** This many more bytes will be read, written or deleted, as far as known. */
  default void expected(long bytes) {}

  /** This many more files and bytes are done. */
  void advanced(long files, long bytes);
}
