package dev.keg.backup.archive.walk;

import dev.keg.backup.archive.walk.Batch.Item;
import dev.keg.backup.archive.walk.TreeReader.Found;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener.Note;
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
  private record Level(TreePath directory, Iterator<ByteString> names) {}

  private final FileTree tree;
  private final Predicate<TreePath> excluded;
  private final Deque<Level> levels = new ArrayDeque<>();
  private boolean begun;

  /** The directory whose content comes next. */
  private @Nullable Found entered;

  private long met;

  TreeWalk(FileTree tree, Predicate<TreePath> excluded) {
    this.tree = tree;
    this.excluded = excluded;
  }

  /** The number of names met, including those that were left out. */
  long met() {
    return met;
  }

  /** The next file, or a remark on one that is left out. */
  Optional<Item> next() {
    if (!begun) {
      begun = true;
      Item root = found(TreePath.ROOT, root());
      if (!excluded.test(TreePath.ROOT)) {
        return Optional.of(root);
      }
    }
    Optional<Item> refused = entered == null ? Optional.empty() : descend(entered);
    return refused.or(this::nextName);
  }

  private Optional<Item> nextName() {
    while (!levels.isEmpty()) {
      Level level = levels.peek();
      if (!level.names().hasNext()) {
        levels.pop();
        continue;
      }
      TreePath path = level.directory().child(level.names().next());
      met++;
      if (!excluded.test(path)) {
        return Optional.of(meet(path));
      }
    }
    return Optional.empty();
  }

  private Item meet(TreePath path) {
    try {
      return tree.stat(path)
          .map(stat -> found(path, stat))
          .orElseGet(() -> new Item.Remark(path, Note.VANISHED, "removed meanwhile"));
    } catch (FileFailure e) {
      return unreadable(path, e);
    }
  }

  private Item found(TreePath path, Stat stat) {
    Found found = new Found(path, stat);
    if (stat.type() == Stat.Type.DIRECTORY) {
      entered = found;
    }
    return new Item.File(found, Optional.empty());
  }

  private static Item unreadable(TreePath path, FileFailure failure) {
    return new Item.Remark(path, Note.UNREADABLE, String.valueOf(failure.getMessage()));
  }

  private Stat root() {
    return tree.stat(TreePath.ROOT)
        .filter(s -> s.type() == Stat.Type.DIRECTORY)
        .orElseThrow(
            () -> new FileFailure("back up", "the volume's directory", "not a directory", null));
  }

  /** Enters the directory, or says why not. */
  private Optional<Item> descend(Found directory) {
    entered = null;
    TreePath path = directory.path();
    if (directory.stat().mountPoint() && !path.isRoot()) {
      return Optional.of(new Item.Remark(path, Note.MOUNT_POINT, "not entered"));
    }
    try {
      levels.push(new Level(path, tree.names(path).iterator()));
      return Optional.empty();
    } catch (FileFailure e) {
      if (path.isRoot()) {
        throw e;
      }
      return Optional.of(unreadable(path, e));
    }
  }
}
