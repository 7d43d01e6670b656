package dev.keg.backup.extract;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.error.BackupException.InvalidArchive;

/** How much an index says there is: by that the room was checked, so there may not be more. */
final class Promise {
  private final Archive archive;
  private long entries;
  private long bytes;

  Promise(Archive archive) {
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
