package dev.keg.backup.save;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where volumes are saved to. */
public interface Destination {
  /**
   * Begins to save a volume; of what is written nothing is to be seen before it is published.
   *
   * @param volume with its secrets masked
   */
  Draft begin(Volume volume, SaveRequest request);

  /** Refuses a volume whose data is where the archive would be written. */
  default void requireOutside(Volume volume, Path data) {}

  /** A volume that is being saved. Closed unpublished, it leaves nothing. */
  interface Draft extends AutoCloseable {
    /** What messages call the archive. */
    String name();

    Compression compression();

    /** The backup that this one builds on. */
    default Optional<Archive> previous() {
      return Optional.empty();
    }

    /** About how much there is to read, by what was there last time. */
    default Optional<Size> expected() {
      return Optional.empty();
    }

    WritableByteChannel channel();

    /** What failed while the archive was written, where the place has better words for it. */
    default void throwFailure() {}

    Saved publish(ArchiveSummary summary, Duration took);

    @Override
    void close();
  }
}
