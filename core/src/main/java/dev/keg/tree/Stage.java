package dev.keg.tree;

/**
 * A hidden directory in a tree that others use. What is made in it moves to its place when it is
 * whole. Closing removes what has not moved; after a crash the directory stays, for its owner alone
 * to read. For use by one thread.
 */
public interface Stage extends AutoCloseable {
  /** Fills the stage, at paths below it. */
  TreeWriter writer();

  /**
   * Moves what was made at a path below the stage to its place in the tree, and replaces a file
   * there. Follows no link.
   */
  void publish(TreePath made, TreePath place);

  @Override
  void close();
}
