package dev.keg.backup.extract;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.error.BackupException.InvalidArchive;

/**
 * Refuses an index that lists more than its totals, which the free space was checked against, or
 * that has the same frames unpacked again and again.
 */
final class TotalsGuard {
  private final Archive archive;
  private final long packed;
  private final int ratio;
  private long unpacked;
  private long entries;
  private long bytes;

  TotalsGuard(Archive archive, long packed, int ratio) {
    this.archive = archive;
    this.packed = packed;
    this.ratio = ratio;
  }

  /** A frame is unpacked whole, however little of it is wanted. */
  void unpack(FrameRef frame) {
    unpacked += frame.length();
    RatioGuard.check(archive.name(), unpacked, packed, ratio);
  }

  void keep(IndexedEntry entry) {
    entries++;
    bytes += entry.stored();
    if (entries > archive.totals().entries() || bytes > archive.totals().bytes()) {
      throw new InvalidArchive(archive.name(), "in its index", "it has more files than it says");
    }
  }
}
