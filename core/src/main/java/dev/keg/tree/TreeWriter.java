package dev.keg.tree;

import dev.keg.tree.FileKind.Device;
import java.util.Optional;

/**
 * Fills an empty directory. Every parent must be a directory in the tree; symbolic links are never
 * followed, and nothing is ever replaced: a method that creates a file returns false, or nothing,
 * if the name exists. Directories are private until they get their attributes. Not thread-safe;
 * {@link #another} creates a writer for another thread.
 */
public interface TreeWriter extends AutoCloseable {
  boolean directory(TreePath path);

  Optional<NewFile> file(TreePath path);

  /** A regular file in the tree, to be changed in place; empty if there is none. */
  Optional<NewFile> existing(TreePath path);

  boolean symlink(TreePath path, ByteString target);

  /** Creates another name for a file of this tree. */
  boolean link(TreePath path, TreePath existing);

  boolean fifo(TreePath path);

  boolean device(TreePath path, Device device);

  /** Whether there is a file other than a directory, reached without links. */
  boolean exists(TreePath path);

  /**
   * Sets the attributes of a file other than a regular one; of a directory, after everything in it.
   */
  void attributes(TreePath path, FileKind kind, Attributes attributes);

  /** Removes an extended attribute from a directory. */
  void removeXattr(TreePath directory, ByteString name);

  /** Removes a file or an empty directory. */
  void remove(TreePath path);

  /** A writer into the same tree for the calling thread. */
  TreeWriter another();

  /** Returns once everything is synced to disk. */
  void sync();

  @Override
  void close();
}
