package dev.keg.tree;

import dev.keg.tree.Kind.Device;
import java.util.Optional;

/**
 * Fills an empty directory. Every parent must be a directory that is in the tree already; a
 * symbolic link is never followed, and nothing is ever replaced: what makes a file answers false,
 * or nothing, if there is one of that name. Directories are made for their owner alone, so that
 * nobody looks in before they get their attributes. For one thread; {@link #another} serves the
 * next.
 */
public interface TreeWriter extends AutoCloseable {
  boolean directory(TreePath path);

  Optional<NewFile> file(TreePath path);

  boolean symlink(TreePath path, ByteString target);

  /** Another name for a file of this tree. */
  boolean link(TreePath path, TreePath existing);

  boolean fifo(TreePath path);

  boolean device(TreePath path, Device device);

  /** Whether there is a file that is no directory, reached through no link. */
  boolean exists(TreePath path);

  /** Gives a file that is no regular one its attributes; a directory after all that is in it. */
  void attributes(TreePath path, Kind kind, Attributes attributes);

  /** Takes a file away again that could not be finished. */
  void remove(TreePath file);

  /** A writer into the same tree, for the thread that asks. */
  TreeWriter another();

  /** Returns when all that was written is on disk. */
  void sync();

  @Override
  void close();
}
