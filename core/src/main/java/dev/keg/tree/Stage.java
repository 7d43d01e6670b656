package dev.keg.tree;

/**
 * A hidden directory in a tree that others use. What is created in it moves to its place once it is
 * complete. Closing removes the rest; after a crash the directory stays, readable only by its
 * owner. Not thread-safe.
 */
public interface Stage extends AutoCloseable {
  /** Fills the stage, at paths below it. */
  TreeWriter writer();

  /**
   * Moves a path below the stage to its place in the tree, replacing an existing file. Follows no
   * link.
   */
  void publish(TreePath made, TreePath place);

  @Override
  void close();
}
