package dev.keg.backup.repository;

import dev.keg.volume.Size;
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
 * @param volume as it was, its secret options masked; the restore creates it again from this
 * @param parent the backup whose objects this one builds on, if it is incremental
 * @param objects all that a restore needs, the parent's included
 */
public record BackupRecord(
    BackupId id,
    Volume volume,
    Origin origin,
    Instant finished,
    Set<String> tags,
    Counts counts,
    @Nullable BackupId parent,
    List<DataObject> objects) {
  /**
   * What a backup holds, in numbers.
   *
   * @param entries files, directories, links and all else
   * @param files regular files among them
   * @param size of the files' content
   * @param stored what this backup added to the repository
   * @param changed files that changed while they were read
   */
  public record Counts(long entries, long files, Size size, Size stored, long changed) {
    public Counts {
      if (files < 0 || changed < 0 || entries < files || files < changed) {
        throw new IllegalArgumentException(
            "%d entries, %d files, %d changed".formatted(entries, files, changed));
      }
    }
  }

  /** Where a backup was made and by which version of Keg. */
  public record Origin(String host, String keg) {
    public Origin {
      if (host.isEmpty() || keg.isEmpty()) {
        throw new IllegalArgumentException("a backup comes from a host and a version of keg");
      }
    }
  }

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

  /**
   * The archive that it is read from: the object that came with this backup, or that of an earlier
   * one which is the same in everything.
   */
  public DataObject own() {
    return objects.stream().filter(this::isOwn).findFirst().orElseGet(objects::getFirst);
  }

  /** Whether an object came with it. */
  public boolean hasOwn() {
    return objects.stream().anyMatch(this::isOwn);
  }

  private boolean isOwn(DataObject object) {
    return object.name().last().startsWith(id.text());
  }

  public Instant started() {
    return id.time();
  }

  /** Whether the volume and the host are the other's: together they make one history. */
  public boolean sameHistory(BackupRecord other) {
    return volume.name().equals(other.volume.name()) && origin.host().equals(other.origin.host());
  }
}
