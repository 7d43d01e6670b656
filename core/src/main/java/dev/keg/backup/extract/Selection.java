package dev.keg.backup.extract;

import dev.keg.tree.TreePath;
import java.util.List;
import java.util.function.Predicate;

/** Some paths of a tree, everything below them, and their parent directories. */
public record Selection(List<TreePath> paths) implements Predicate<TreePath> {
  public Selection {
    paths = List.copyOf(paths);
  }

  @Override
  public boolean test(TreePath path) {
    return paths.stream().anyMatch(wanted -> path.isWithin(wanted) || wanted.isWithin(path));
  }
}
