package dev.keg.backup.archive.write;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.tree.TreePath;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries of the archive before, met in the same order as the tree's files. */
final class PreviousEntries {
  private final Iterator<IndexedEntry> entries;
  private @Nullable IndexedEntry next;

  PreviousEntries(Optional<Archive> previous) {
    entries = previous.map(Archive::entries).orElseGet(Collections::emptyIterator);
  }

  /** Asked for ever later paths. */
  Optional<IndexedEntry> at(TreePath path) {
    while (entries.hasNext() && (next == null || next.entry().path().compareTo(path) < 0)) {
      next = entries.next();
    }
    return Optional.ofNullable(next).filter(e -> e.entry().path().equals(path));
  }
}
