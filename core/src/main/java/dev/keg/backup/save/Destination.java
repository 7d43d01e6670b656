package dev.keg.backup.save;

import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.backup.archive.write.Predecessor;
import dev.keg.backup.archive.write.Sharing;
import dev.keg.backup.repository.BackupId;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Where a backup goes. */
public interface Destination {
  /**
   * Begins a backup. Nothing of it is visible before it is published.
   *
   * @param volume with its secrets masked
   * @param usage how much data the volume has; to find out may take a walk of the whole tree
   */
  Draft begin(Volume volume, SaveRequest request, Supplier<Size> usage);

  /**
   * What the next backup of the volume will be, which a running machine's disk is copied for. Empty
   * where no backup can build on it.
   */
  default Optional<Plan> plan(Volume volume, SaveRequest request) {
    return Optional.empty();
  }

  /**
   * A backup to come.
   *
   * @param repositories the ids of those that it goes to
   * @param id which the next draft for the volume gets
   * @param base the backup that it builds on, and its archive
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

  /** Refuses a volume whose data is where the archive would be written. */
  default void requireOutside(Volume volume, Path data) {}

  /** A backup in progress. Closed unpublished, it leaves nothing behind. */
  interface Draft extends AutoCloseable {
    /** The name of the archive in messages. */
    String name();

    Compression compression();

    /** The archive that this one builds on. */
    default Optional<Predecessor> previous() {
      return Optional.empty();
    }

    /** What the archive shares with others, in a repository where archives do. */
    default Optional<Sharing> sharing() {
      return Optional.empty();
    }

    /** Whether later backups build on this one. */
    default boolean isBuiltOn() {
      return false;
    }

    /** What is wrong with earlier backups, for the operator to know. */
    default List<String> warnings() {
      return List.of();
    }

    /** Roughly how much there is to read, judged by the last backup. */
    default Optional<Size> expected() {
      return Optional.empty();
    }

    WritableByteChannel channel();

    /** Throws what failed while the archive was written, if the destination knows more about it. */
    default void throwFailure() {}

    Saved publish(ArchiveSummary summary, Duration took);

    @Override
    void close();
  }
}
