package dev.keg.backup.tree;

import dev.keg.backup.tree.Kind.Device;

/**
 * Fills an empty directory. Every parent must be a directory that is in the tree already; a
 * symbolic link is never followed and nothing is ever replaced: what exists already is a {@link
 * dev.keg.error.VolumeException.FileFailure}, "file exists". Directories are made for their owner
 * alone, so that nobody looks in before they get their attributes. For one thread; {@link #another}
 * serves the next.
 */
public interface TreeWriter extends AutoCloseable {
  void directory(TreePath path);

  NewFile file(TreePath path);

  void symlink(TreePath path, ByteString target);

  /** Another name for a file of this tree. */
  void link(TreePath path, TreePath existing);

  void fifo(TreePath path);

  void device(TreePath path, Device device);

  /** Gives a file that is no regular one its attributes; a directory after all that is in it. */
  void attributes(TreePath path, Kind kind, Attributes attributes);

  /** A writer into the same tree for another thread. */
  TreeWriter another();

  /** Returns when all that was written is on disk. */
  void sync();

  @Override
  void close();
}
