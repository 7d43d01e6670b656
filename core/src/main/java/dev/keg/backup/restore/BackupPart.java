package dev.keg.backup.restore;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.extract.Selection;
import dev.keg.error.BackupException.NoSuchFile;
import dev.keg.tree.FileKind.Symlink;
import dev.keg.tree.TreePath;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One path of a backup, for a command that reads nothing else of it.
 *
 * @param text the path as the operator wrote it
 * @param follow whether a link at its end is followed
 */
public record BackupPart(String text, boolean follow) {
  /**
   * What to restore for it; empty for everything, because a link on the way may lead anywhere.
   *
   * @param backup its name in messages
   */
  public Optional<Selection> find(String backup, Archive archive) {
    Optional<TreePath> path = path();
    if (path.isEmpty() || links(path.get()).anyMatch(place -> isLink(archive.find(place)))) {
      return Optional.empty();
    }
    if (archive.find(path.get()).isEmpty()) {
      throw new NoSuchFile(backup, text, "no such file or directory");
    }
    return Optional.of(new Selection(List.of(path.get())));
  }

  /** Empty for the root, and for a path whose meaning depends on links. */
  private Optional<TreePath> path() {
    String relative = text.replaceAll("^/+", "");
    if (relative.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(TreePath.parse(relative)).filter(path -> !path.isRoot());
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // the command that reads the path explains what is wrong with it
    }
  }

  /** The places on the way where a link would lead elsewhere. */
  private Stream<TreePath> links(TreePath path) {
    boolean last = follow || text.endsWith("/") || text.endsWith("/.");
    return Stream.iterate(last ? path : path.parent(), at -> !at.isRoot(), TreePath::parent);
  }

  private static boolean isLink(Optional<IndexedEntry> found) {
    return found.filter(indexed -> indexed.entry().kind() instanceof Symlink).isPresent();
  }
}
