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
  /** Reports each entry of a directory, except those that vanished meanwhile. */
  void scan(TreePath directory, Visitor visitor);

  /** The space of the root itself, as {@link Visitor#directory} reports it. */
  long occupied();

  /** Whether the system reports the blocks of a file. */
  boolean tellsBlocks();

  /** How full the file system of the root is; empty if the system does not tell. */
  Optional<Room> room();

  /**
   * A text that differs after each change in the tree, and for each other tree. Empty if the system
   * does not tell, or if something is mounted in the tree.
   *
   * @param settled whether cached changes count, too; otherwise they count once they are written
   */
  default Optional<String> state(boolean settled) {
    return Optional.empty();
  }

  @Override
  void close();

  /** Receives the entries of one directory. */
  interface Visitor {
    /**
     * Anything but a directory.
     *
     * @param identity equal for two names of one file; null if it has no other name
     * @param size its length in bytes
     * @param occupied its blocks in bytes
     */
    void file(@Nullable Object identity, long size, long occupied);

    /** A directory to scan as well, and the space of itself. */
    void directory(ByteString name, long occupied);

    /** A mount point, which is not part of the tree. */
    default void mountPoint() {}
  }

  /** Receives progress: the number of further files and bytes. Called from any thread. */
  interface Listener {
    Listener NONE = (_, _) -> {};

    void advanced(long files, Size bytes);
  }
}
