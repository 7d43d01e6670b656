package dev.keg.usage;

import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tree that is measured while others may change it. No symbolic link is followed and no mount
 * point is entered. Several threads scan different directories at once.
 */
public interface TreeScan extends AutoCloseable {
  /** Tells of each entry of a directory. What has vanished meanwhile is left out. */
  void scan(TreePath directory, Visitor visitor);

  /** What the root itself occupies, as {@link Visitor#directory} says it. */
  long occupied();

  /** Whether the system tells how many blocks a file has. */
  boolean tellsBlocks();

  /** How full the file system of the root is; empty if the system does not tell. */
  Optional<Room> room();

  /**
   * A text that is another one after each change in the tree, and for each other tree. Empty if the
   * system does not tell, or if something is mounted in the tree.
   *
   * @param settled whether changes that are still only in memory count, too; otherwise they do once
   *     they have been written
   */
  default Optional<String> state(boolean settled) {
    return Optional.empty();
  }

  @Override
  void close();

  /** Takes the entries of one directory. */
  interface Visitor {
    /**
     * Anything but a directory.
     *
     * @param identity equal for two names of one file; null if it has no other name
     * @param size its length in bytes
     * @param occupied its blocks in bytes
     */
    void file(@Nullable Object identity, long size, long occupied);

    /** A directory to scan as well, and what it occupies itself. */
    void directory(ByteString name, long occupied);

    /** A place where something else is mounted, which is not part of the tree. */
    default void mountPoint() {}
  }

  /** Takes part of the way: so many more files and bytes have been seen. Any thread may tell. */
  interface Listener {
    Listener NONE = (_, _) -> {};

    void advanced(long files, Size bytes);
  }
}
