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
 * A volume that is saved.
 *
 * @param id of the backup in its repositories; none in a file or a stream
 * @param parent what it builds on, if it does
 * @param places where it is now
 * @param problems what failed beside: a replica that could not be written, a program that was
 *     stopped and does not start
 * @param thawed after how long the file system was thawed, if that was before all was read
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

  /** One whose data held still as long as was wanted. */
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

  /** The same with a problem more. */
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

  /** Whether every file is in it as it was, and all of one moment if that was wanted. */
  public boolean whole() {
    return thawed == null && totals().changed() == 0 && summary.leftOut() == 0;
  }
}
