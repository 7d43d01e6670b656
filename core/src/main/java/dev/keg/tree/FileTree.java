package dev.keg.tree;

import java.util.List;
import java.util.Optional;

/**
 * A tree that is read while others may change it. No symbolic link is followed, not even where a
 * directory stood a moment ago; what has vanished is empty. For one thread.
 */
public interface FileTree extends AutoCloseable {
  Optional<Stat> stat(TreePath path);

  /** The names in a directory, sorted; none if it is no directory any more. */
  List<ByteString> names(TreePath directory);

  /** Empty if it is no regular file any more. */
  Optional<OpenFile> open(TreePath file);

  /** Empty if it is no symbolic link any more. */
  Optional<ByteString> target(TreePath symlink);

  Xattrs xattrs(TreePath path);

  @Override
  void close();
}
