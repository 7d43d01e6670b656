package dev.keg.backup.archive.write;

import dev.keg.backup.archive.Archive.StoredPage;
import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries of the previous archive, in the same order as the tree's files. */
final class PreviousEntries {
  private final Optional<Predecessor> predecessor;
  private final Iterator<StoredPage> pages;
  private Iterator<IndexedEntry> entries = Collections.emptyIterator();
  private final Map<Long, IndexedEntry> movedEntries = new HashMap<>();
  private @Nullable StoredPage page;
  private @Nullable StoredPage moved;
  private @Nullable IndexedEntry next;

  PreviousEntries(Optional<Predecessor> previous) {
    predecessor = previous;
    pages =
        previous.map(last -> last.archive().pages(_ -> {})).orElseGet(Collections::emptyIterator);
  }

  /** Requested paths must be in order. */
  Optional<IndexedEntry> at(TreePath path) {
    while ((next == null || next.entry().path().compareTo(path) < 0) && turn()) {
      next = entries.next();
    }
    return Optional.ofNullable(next).filter(e -> e.entry().path().equals(path));
  }

  /** Moves to the next page with entries, if this one has no more. */
  private boolean turn() {
    while (!entries.hasNext() && pages.hasNext()) {
      page = pages.next();
      entries = page.content().entries().iterator();
    }
    return entries.hasNext();
  }

  /**
   * The same file under another path. It is found if its page began with a file that was requested:
   * renaming a directory leaves its files and pages unchanged.
   */
  Optional<IndexedEntry> moved(Stat stat) {
    predecessor
        .flatMap(last -> last.pageFrom(stat.inode()))
        .filter(found -> moved == null || !found.place().equals(moved.place()))
        .ifPresent(this::setMoved);
    return Optional.ofNullable(movedEntries.get(stat.inode()));
  }

  private void setMoved(StoredPage found) {
    moved = found;
    movedEntries.clear();
    found.content().entries().forEach(e -> movedEntries.putIfAbsent(e.fingerprint().inode(), e));
  }

  /** The page that began with the last requested file, if a new archive may share it. */
  Optional<StoredPage> pageFrom(TreePath path, Fingerprint fingerprint) {
    boolean isMoved =
        moved != null
            && !fingerprint.equals(Fingerprint.NONE)
            && moved.content().entries().getFirst().fingerprint().equals(fingerprint);
    return isMoved ? Optional.ofNullable(moved).filter(this::isShareable) : pageFrom(path);
  }

  private boolean isShareable(StoredPage at) {
    return predecessor.filter(last -> last.isShareable(at.place())).isPresent();
  }

  private Optional<StoredPage> pageFrom(TreePath path) {
    return Optional.ofNullable(page)
        .filter(at -> at.content().firstPath().equals(path))
        .filter(this::isShareable);
  }

  /** Whether the archive has the same pages and describes them in the same way. */
  boolean isSame(IndexRoot root) {
    return predecessor.filter(last -> last.archive().isSame(root)).isPresent();
  }
}
