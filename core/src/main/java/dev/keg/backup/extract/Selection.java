package dev.keg.backup.extract;

import dev.keg.backup.archive.Archive.PageFilter;
import dev.keg.tree.TreePath;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Some paths of a tree, everything below them, and their parent directories. */
public record Selection(List<TreePath> paths) implements Predicate<TreePath> {
  public Selection {
    paths = List.copyOf(paths);
  }

  @Override
  public boolean test(TreePath path) {
    return paths.stream().anyMatch(wanted -> path.isWithin(wanted) || wanted.isWithin(path));
  }

  /** The pages of an index that may list any of it. */
  public PageFilter pages() {
    return (first, next) -> paths.stream().anyMatch(path -> mayBeOn(path, first, next));
  }

  private static boolean mayBeOn(TreePath path, TreePath first, Optional<TreePath> next) {
    return PageFilter.within(path).wants(first, next)
        || Stream.iterate(path, below -> !below.isRoot(), TreePath::parent)
            .map(TreePath::parent)
            .anyMatch(
                parent ->
                    first.compareTo(parent) <= 0
                        && next.filter(after -> after.compareTo(parent) <= 0).isEmpty());
  }
}
