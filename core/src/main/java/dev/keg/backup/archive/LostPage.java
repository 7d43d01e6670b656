package dev.keg.backup.archive;

import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.TreePath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * An index page that cannot be read. Of the files on it nothing is known; those on other pages are
 * not concerned.
 *
 * @param next the first path behind it; empty if it is the last page
 * @param reason says where the page lies, and which paths are lost with it
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

  /** For a caller that can do nothing without it. */
  public void fail() {
    throw reason;
  }

  /** Whether the file of that path, if there is one, is on it. */
  public boolean has(TreePath path) {
    return place.entries() > 0
        && place.first().compareTo(path) <= 0
        && next.filter(behind -> behind.compareTo(path) <= 0).isEmpty();
  }

  /** The directories on it in which the files behind it are, the outermost first. */
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
