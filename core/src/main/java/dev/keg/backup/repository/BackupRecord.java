package dev.keg.backup.repository;

import dev.keg.volume.Volume;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A backup: what was backed up, and which objects it is restored from. Once its record is in the
 * repository the backup exists.
 *
 * @param volume as it was, its secret options masked; the restore creates it anew from this
 * @param parent the backup whose objects this one builds on, if it is incremental
 * @param objects all that a restore needs, the parent's included
 */
public record BackupRecord(
    BackupId id,
    Volume volume,
    Origin origin,
    Instant finished,
    Set<String> tags,
    Contents contents,
    @Nullable BackupId parent,
    List<DataObject> objects) {
  public BackupRecord {
    tags = Collections.unmodifiableSet(new TreeSet<>(tags));
    objects = List.copyOf(objects);
    if (objects.isEmpty()) {
      throw new IllegalArgumentException("a backup has data");
    }
    if (tags.stream().anyMatch(tag -> tag.isEmpty() || tag.contains(","))) {
      throw new IllegalArgumentException("a tag is a word without a comma");
    }
  }

  /** The object that came with this backup; the others are earlier ones'. */
  public DataObject own() {
    return objects.stream()
        .filter(object -> object.name().last().startsWith(id.text()))
        .findFirst()
        .orElseGet(objects::getFirst);
  }

  public Instant started() {
    return id.time();
  }

  /** Whether the volume and the host are the other's: together they make one history. */
  public boolean sameHistory(BackupRecord other) {
    return volume.name().equals(other.volume.name()) && origin.host().equals(other.origin.host());
  }
}
