package dev.keg.backup.extract;

import dev.keg.tree.Entry;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Gives directories their attributes, each when everything below it is done: a time would be
 * overwritten by what is made in it later, and a mode may forbid to go in. It wants directories in
 * the order of a walk and holds those on one path only.
 */
final class Finishing {
  private final TreeWriter writer;
  private final Deque<Entry> open = new ArrayDeque<>();

  Finishing(TreeWriter writer) {
    this.writer = writer;
  }

  void directory(Entry directory) {
    leave(directory.path());
    open.push(directory);
  }

  /** The walk is at this path: directories that do not lead there are done. */
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
