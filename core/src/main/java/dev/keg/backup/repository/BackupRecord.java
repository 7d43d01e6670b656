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
 * A backup: what was backed up, and the objects that a restore needs. The backup exists once its
 * record is in the repository.
 *
 * @param volume the volume at that time, with secret options masked; a restore creates it from this
 * @param parent the backup whose objects this one builds on, if it is incremental
 * @param objects all that a restore needs, including the parent's
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
   * The contents of a backup in numbers.
   *
   * @param entries files, directories, links and everything else
   * @param files the regular files among them
   * @param size the size of the files' content
   * @param stored what this backup added to the repository
   * @param changed the files that changed while they were read
   */
  public record Counts(long entries, long files, Size size, Size stored, long changed) {
    public Counts {
      if (files < 0 || changed < 0 || entries < files || files < changed) {
        throw new IllegalArgumentException(
            "%d entries, %d files, %d changed".formatted(entries, files, changed));
      }
    }
  }

  /**
   * The host and the version of Keg that made a backup.
   *
   * @param chosen whether the operator chose the host's name, which several machines may then share
   *     on purpose; not stored
   */
  public record Origin(String host, String keg, boolean chosen) {
    /** Of a stored backup, or under the host's own name. */
    public Origin(String host, String keg) {
      this(host, keg, false);
    }

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
   * The archive of the backup: its own object, or that of an earlier backup with exactly the same
   * content.
   */
  public DataObject own() {
    return objects.stream().filter(this::isOwn).findFirst().orElseGet(objects::getFirst);
  }

  /** Whether the backup added an object. */
  public boolean hasOwn() {
    return objects.stream().anyMatch(this::isOwn);
  }

  private boolean isOwn(DataObject object) {
    return object.name().last().startsWith(id.text());
  }

  public Instant started() {
    return id.time();
  }

  /** Whether both have the same volume and host, and so belong to one history. */
  public boolean sameHistory(BackupRecord other) {
    return volume.name().equals(other.volume.name()) && origin.host().equals(other.origin.host());
  }
}
