package dev.keg.backup.extract;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.error.BackupException.InvalidArchive;

/** Refuses an index that lists more than its totals, by which the free space was checked. */
final class TotalsGuard {
  private final Archive archive;
  private long entries;
  private long bytes;

  TotalsGuard(Archive archive) {
    this.archive = archive;
  }

  void keep(IndexedEntry entry) {
    entries++;
    bytes += entry.stored();
    if (entries > archive.totals().entries() || bytes > archive.totals().bytes()) {
      throw new InvalidArchive(archive.name(), "in its index", "it has more files than it says");
    }
  }
}
