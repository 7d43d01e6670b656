package dev.keg.tree;

import java.util.List;
import java.util.Optional;

/**
 * A tree that is read while others may change it. No symbolic link is followed, not even one that
 * has just replaced a directory; a file that has vanished is empty. For use by one thread.
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
   * Writes out what is only in memory, so that a later change shows in a file's times even if it is
   * made through a mapping. False if the file system does not tell of such changes at all.
   */
  default boolean settle() {
    return true;
  }

  /** What the file system keeps of files and is not read here, in words; empty if nothing. */
  default Optional<String> withheld() {
    return Optional.empty();
  }

  /**
   * The file or directory that this file is a part of, with which it is linked and moved; empty if
   * it stands for itself.
   */
  default Optional<TreePath> partOf(TreePath file) {
    return Optional.empty();
  }

  @Override
  void close();
}
