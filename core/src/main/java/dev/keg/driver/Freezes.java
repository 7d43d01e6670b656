package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A driver that can pause writes to a volume's file system, so that a reader sees consistent data.
 */
public interface Freezes {
  /**
   * Pauses writes until the result is closed; the caller closes it in any case, also after a
   * failure. If the process dies, writes continue.
   */
  Frozen freeze(Volume volume, VolumeHome home);

  /**
   * Copies the data as it is at one moment, if that takes no longer than the moment. Empty if it
   * would, and then nothing has changed.
   */
  default Optional<Copy> copy(Volume volume, VolumeHome home) {
    return Optional.empty();
  }

  /** A file system whose writers wait. */
  interface Frozen extends AutoCloseable {
    @Override
    void close();
  }

  /** A copy that is gone when it is closed, or its process has ended. */
  interface Copy extends AutoCloseable {
    /** Does the work on the directory that holds the copied data. */
    void read(Consumer<Path> work);

    @Override
    void close();
  }
}
