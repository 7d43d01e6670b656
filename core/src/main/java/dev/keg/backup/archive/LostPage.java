package dev.keg.backup.archive;

import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.TreePath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * An index page that cannot be read. Nothing is known about the files on it; files on other pages
 * are not affected.
 *
 * @param next the first path after it; empty for the last page
 * @param reason names the location of the page and the paths lost with it
 */
public record LostPage(IndexRoot.Page place, Optional<TreePath> next, InvalidArchive reason) {
  static LostPage of(IndexRoot.Page place, Optional<TreePath> next, String why) {
    String range =
        place.entries() == 0
            ? ""
            : "; all files from %s %s are lost"
                .formatted(place.first(), next.map(path -> "to just before " + path).orElse("on"));
    return new LostPage(
        place,
        next,
        new InvalidArchive(
            place.object(),
            "in its index",
            "the page at byte %d is damaged: %s%s".formatted(place.offset(), why, range)));
  }

  /** Throws the reason, for a caller that needs the page. */
  public void fail() {
    throw reason;
  }

  /** Whether the file with that path, if it exists, is on it. */
  public boolean has(TreePath path) {
    return place.entries() > 0
        && place.first().compareTo(path) <= 0
        && next.filter(behind -> behind.compareTo(path) <= 0).isEmpty();
  }

  /** The directories on it that contain the files after it, the outermost first. */
  public List<TreePath> directories() {
    Deque<TreePath> directories = new ArrayDeque<>();
    TreePath at = next.orElse(TreePath.ROOT);
    while (!at.isRoot()) {
      at = at.parent();
      if (has(at)) {
        directories.addFirst(at);
      }
    }
    return List.copyOf(directories);
  }
}
