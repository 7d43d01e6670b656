package dev.keg.backup.extract;

import dev.keg.tree.Entry;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Sets the attributes of directories, each after everything below it is done: creating files would
 * change its time, and its mode may forbid access. Directories must arrive in the order of a walk;
 * only those on one path are held.
 */
final class DirectoryAttributes {
  private final TreeWriter writer;
  private final Deque<Entry> open = new ArrayDeque<>();

  DirectoryAttributes(TreeWriter writer) {
    this.writer = writer;
  }

  void directory(Entry directory) {
    leave(directory.path());
    open.push(directory);
  }

  /** The walk has reached this path: directories that do not contain it are done. */
  private void leave(TreePath path) {
    while (!open.isEmpty() && !path.isWithin(open.peek().path())) {
      finish(open.pop());
    }
  }

  void end() {
    while (!open.isEmpty()) {
      finish(open.pop());
    }
  }

  private void finish(Entry directory) {
    writer.attributes(directory.path(), directory.kind(), directory.attributes());
  }
}
