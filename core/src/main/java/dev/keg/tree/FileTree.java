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

  @Override
  void close();
}
