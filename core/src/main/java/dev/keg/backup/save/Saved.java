package dev.keg.backup.save;

import dev.keg.backup.archive.index.Totals;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.backup.repository.BackupId;
import dev.keg.error.VolumeException;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A saved volume.
 *
 * @param id the id of the backup in its repositories; none for a file or stream
 * @param parent the backup that it builds on, if any
 * @param places where it is stored now
 * @param problems other failures: a replica that could not be written, a program that was stopped
 *     and does not start
 * @param thawed the time after which the file system was thawed, if that was before everything was
 *     read
 */
public record Saved(
    VolumeName volume,
    @Nullable BackupId id,
    @Nullable BackupId parent,
    List<String> places,
    ArchiveSummary summary,
    Duration took,
    List<VolumeException> problems,
    @Nullable Duration thawed) {
  public Saved {
    places = List.copyOf(places);
    problems = List.copyOf(problems);
  }

  /** A volume whose data was frozen as long as requested. */
  public Saved(
      VolumeName volume,
      @Nullable BackupId id,
      @Nullable BackupId parent,
      List<String> places,
      ArchiveSummary summary,
      Duration took,
      List<VolumeException> problems) {
    this(volume, id, parent, places, summary, took, problems, null);
  }

  Saved thawed(@Nullable Duration after) {
    return new Saved(volume, id, parent, places, summary, took, problems, after);
  }

  /** The same with another problem. */
  Saved and(Optional<VolumeException> problem) {
    List<VolumeException> all = Stream.concat(problems.stream(), problem.stream()).toList();
    return new Saved(volume, id, parent, places, summary, took, all, thawed);
  }

  public Totals totals() {
    return summary.totals();
  }

  public Optional<BackupId> backup() {
    return Optional.ofNullable(id);
  }

  /** How many bytes it took to save it. */
  public Size stored() {
    return new Size(summary.written());
  }

  /**
   * Whether it contains every file unchanged, and all from the same moment if that was requested.
   */
  public boolean whole() {
    return thawed == null && totals().changed() == 0 && summary.leftOut() == 0;
  }
}
