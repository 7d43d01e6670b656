package dev.keg.backup.save;

import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.backup.archive.write.ContentSharing;
import dev.keg.backup.archive.write.Predecessor;
import dev.keg.backup.repository.BackupId;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The destination of a backup. */
public interface Destination {
  /**
   * Begins a backup. Nothing of it is visible before it is published.
   *
   * @param volume the volume, with masked secrets
   * @param usage determines the amount of data, which may require walking the whole tree
   */
  BackupDraft begin(Volume volume, SaveRequest request, Supplier<Size> usage);

  /**
   * The plan of the volume's next backup, for which a running machine's disk is copied. Empty if no
   * backup can build on it.
   */
  default Optional<Plan> plan(Volume volume, SaveRequest request) {
    return Optional.empty();
  }

  /**
   * A future backup.
   *
   * @param repositories the ids of its repositories
   * @param id the id of the next draft for the volume
   * @param base the backup that it builds on, with its archive
   * @param end closes what was opened for it
   */
  record Plan(
      List<String> repositories,
      BackupId id,
      Optional<BackupId> base,
      Optional<Predecessor> archive,
      Runnable end)
      implements AutoCloseable {
    public Plan {
      repositories = List.copyOf(repositories);
    }

    @Override
    public void close() {
      end.run();
    }
  }

  /** Refuses a volume that contains the location of the archive. */
  default void requireOutside(Volume volume, Path data) {}

  /** A backup in progress. Closing it before it is published leaves nothing behind. */
  interface BackupDraft extends AutoCloseable {
    /** The name of the archive in messages. */
    String name();

    Compression compression();

    /** The archive that this one builds on. */
    default Optional<Predecessor> previous() {
      return Optional.empty();
    }

    /** What the archive shares with others, in a repository that supports sharing. */
    default Optional<ContentSharing> sharing() {
      return Optional.empty();
    }

    /** Whether later backups build on this one. */
    default boolean isBuiltOn() {
      return false;
    }

    /** Problems of earlier backups that the operator should know about. */
    default List<String> warnings() {
      return List.of();
    }

    /** Roughly the amount of data to read, estimated from the last backup. */
    default Optional<Size> expected() {
      return Optional.empty();
    }

    WritableByteChannel channel();

    /** Throws the destination's own failure, if it has one that explains why writing failed. */
    default void throwFailure() {}

    Saved publish(ArchiveSummary summary, Duration took);

    @Override
    void close();
  }
}
