package dev.keg.tree;

import java.util.List;
import java.util.Optional;

/**
 * A tree that is read while others may change it. No symbolic link is followed, not even one that
 * has just replaced a directory; a result for a vanished file is empty. Not thread-safe.
 */
public interface FileTree extends AutoCloseable {
  Optional<Stat> stat(TreePath path);

  /** The sorted names in a directory; none if it is no longer a directory. */
  List<ByteString> names(TreePath directory);

  /** Empty if it is no longer a regular file. */
  Optional<OpenFile> open(TreePath file);

  /** Empty if it is no longer a symbolic link. */
  Optional<ByteString> target(TreePath symlink);

  Xattrs xattrs(TreePath path);

  /**
   * Writes cached changes to disk, so that a later change shows in a file's times even if it is
   * made through a mapping. Returns false if the file system never reports such changes.
   */
  default boolean settle() {
    return true;
  }

  /** What the file system stores about files but this does not read, in words; empty if nothing. */
  default Optional<String> withheld() {
    return Optional.empty();
  }

  /**
   * The file or directory that this file is a part of, with which it is linked and moved; empty if
   * it is independent.
   */
  default Optional<TreePath> partOf(TreePath file) {
    return Optional.empty();
  }

  /** A reader of the same tree for another thread, closed before this; empty if this has none. */
  default Optional<FileTree> another() {
    return Optional.empty();
  }

  @Override
  void close();
}
