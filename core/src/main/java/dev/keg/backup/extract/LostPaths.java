package dev.keg.backup.extract;

import dev.keg.backup.archive.LostPage;
import dev.keg.tree.TreePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The entries that a restore leaves out because of damage. Thread-safe. */
final class LostPaths {
  private final Set<TreePath> paths = new HashSet<>();
  private final List<LostPage> pages = new ArrayList<>();

  synchronized void add(TreePath path) {
    paths.add(path);
  }

  /** Adds all entries that the page may have listed. */
  synchronized void add(LostPage page) {
    pages.add(page);
  }

  synchronized boolean has(TreePath path) {
    return paths.contains(path) || pages.stream().anyMatch(page -> page.has(path));
  }

  /** Fails because of the first lost page, if there is one. */
  synchronized void failForPages() {
    pages.forEach(LostPage::fail);
  }
}
