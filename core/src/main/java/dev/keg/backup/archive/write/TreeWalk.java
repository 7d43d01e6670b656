package dev.keg.backup.archive.write;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Walks a tree: each directory before its content, names in order. An excluded root is walked
 * anyway. Holds only the names of the directories on the current path.
 */
final class TreeWalk {
  /** A file that the walk met. */
  record Found(TreePath path, Stat stat) {}

  private record Level(TreePath directory, Iterator<ByteString> names) {}

  private final FileTree tree;
  private final Predicate<TreePath> excluded;
  private final TreeListener listener;
  private final Deque<Level> levels = new ArrayDeque<>();
  private @Nullable Found last;
  private long met;

  TreeWalk(FileTree tree, Predicate<TreePath> excluded, TreeListener listener) {
    this.tree = tree;
    this.excluded = excluded;
    this.listener = listener;
  }

  /** The number of names met, including those that were left out. */
  long met() {
    return met;
  }

  Optional<Found> next() {
    if (last == null) {
      last = new Found(TreePath.ROOT, root());
      if (!excluded.test(TreePath.ROOT)) {
        return Optional.of(last);
      }
    }
    if (last.stat().type() == Stat.Type.DIRECTORY) {
      descend(last);
    }
    while (!levels.isEmpty()) {
      Level level = levels.peek();
      if (!level.names().hasNext()) {
        levels.pop();
        continue;
      }
      TreePath path = level.directory().child(level.names().next());
      met++;
      Optional<Stat> stat = excluded.test(path) ? Optional.empty() : stat(path);
      if (stat.isPresent()) {
        return found(path, stat.get());
      }
    }
    return Optional.empty();
  }

  private Optional<Found> found(TreePath path, Stat stat) {
    last = new Found(path, stat);
    return Optional.of(last);
  }

  private Stat root() {
    return tree.stat(TreePath.ROOT)
        .filter(s -> s.type() == Stat.Type.DIRECTORY)
        .orElseThrow(
            () -> new FileFailure("back up", "the volume's directory", "not a directory", null));
  }

  private void descend(Found directory) {
    if (directory.stat().mountPoint() && !directory.path().isRoot()) {
      listener.note(directory.path(), TreeListener.Note.MOUNT_POINT, "not entered");
      return;
    }
    try {
      levels.push(new Level(directory.path(), tree.names(directory.path()).iterator()));
    } catch (FileFailure e) {
      refuseRoot(directory.path(), e);
      listener.note(directory.path(), TreeListener.Note.UNREADABLE, message(e));
    }
  }

  private static void refuseRoot(TreePath path, FileFailure failure) {
    if (path.isRoot()) {
      throw failure;
    }
  }

  private Optional<Stat> stat(TreePath path) {
    try {
      Optional<Stat> stat = tree.stat(path);
      if (stat.isEmpty()) {
        listener.note(path, TreeListener.Note.VANISHED, "removed meanwhile");
      }
      return stat;
    } catch (FileFailure e) {
      listener.note(path, TreeListener.Note.UNREADABLE, message(e));
      return Optional.empty();
    }
  }

  private static String message(FileFailure e) {
    return String.valueOf(e.getMessage());
  }
}
