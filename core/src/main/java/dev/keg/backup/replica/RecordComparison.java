package dev.keg.backup.replica;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.VolumeDescription;
import dev.keg.backup.archive.index.Totals;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.BackupRecord.Counts;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Compares a backup's record with its archive. They were written together, but the record itself
 * has no hash.
 */
public final class RecordComparison {
  private RecordComparison() {}

  /** The digest of an archive's index, as records contain it. */
  public static String digest(Archive archive) {
    return "sha256:" + HexFormat.of().formatHex(archive.hash().toArray());
  }

  public static List<String> differences(BackupRecord record, Archive archive) {
    List<String> differences = new ArrayList<>();
    if (!record.own().digest().equals(digest(archive))) {
      differences.add("its record belongs to a different archive from " + archive.name());
    }
    if (!isSame(record.counts(), archive.totals()) || (record.hasOwn() && !isStored(record))) {
      differences.add("its record has different totals from its archive");
    }
    VolumeDescription.read(archive.description())
        .filter(described -> !described.equals(record.volume()))
        .ifPresent(
            _ -> differences.add("its record describes a different volume from its archive"));
    return differences;
  }

  /** A first backup may have stored objects before its own, but its record names them all. */
  private static boolean isStored(BackupRecord record) {
    long own = record.own().size().bytes();
    long stored = record.counts().stored().bytes();
    long all = record.objects().stream().mapToLong(object -> object.size().bytes()).sum();
    return record.parent() == null ? stored >= own && stored <= all : stored == own;
  }

  private static boolean isSame(Counts contents, Totals totals) {
    return contents.entries() == totals.entries()
        && contents.files() == totals.files()
        && contents.size().bytes() == totals.bytes()
        && contents.changed() == totals.changed();
  }
}
