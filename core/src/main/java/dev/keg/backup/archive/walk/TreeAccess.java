package dev.keg.backup.archive.walk;

import dev.keg.tree.FileTree;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** A thread's access to a tree: by a reader of its own, or by one that threads use in turn. */
final class TreeAccess implements AutoCloseable {
  private final FileTree tree;
  private final Lock turn;
  private final boolean own;

  /** Access to a tree that the caller closes. */
  TreeAccess(FileTree tree) {
    this(tree, new ReentrantLock(true), false);
  }

  private TreeAccess(FileTree tree, Lock turn, boolean own) {
    this.tree = tree;
    this.turn = turn;
    this.own = own;
  }

  /** Access for another thread. */
  TreeAccess another() {
    Optional<FileTree> another = use(FileTree::another);
    return another
        .map(reader -> new TreeAccess(reader, new ReentrantLock(), true))
        .orElseGet(() -> new TreeAccess(tree, turn, false));
  }

  /** The tree, to be used only in turn. */
  FileTree tree() {
    return tree;
  }

  /** The lock that is held while the tree, or a file of it, is in use. */
  Lock turn() {
    return turn;
  }

  <T> T use(Function<FileTree, T> work) {
    turn.lock();
    try {
      return work.apply(tree);
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void close() {
    if (own) {
      tree.close();
    }
  }
}
