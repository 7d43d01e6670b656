package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A driver that can pause writes to a volume's file system, so that a reader sees consistent data.
 */
public interface Freezes {
  /**
   * Pauses writes until the result is closed; the caller closes it in any case, also after a
   * failure. If the process dies, writes continue. Call it with the volume's lock, but never wait
   * for that lock to close the result: a command that has it may wait until it can write.
   */
  Frozen freeze(Volume volume, VolumeHome home);

  /**
   * Makes a quick copy of the data as it is at one moment; writers wait no longer than the limit.
   * Empty if that would take longer; then nothing has changed.
   */
  default Optional<Copy> copy(Volume volume, VolumeHome home, Duration limit) {
    return Optional.empty();
  }

  /** A file system whose writers wait. */
  interface Frozen extends AutoCloseable {
    /** How long they have waited, also because another process froze it earlier. */
    default Duration waited() {
      return Duration.ZERO;
    }

    @Override
    void close();
  }

  /** A copy that is deleted when it is closed or its process ends. */
  interface Copy extends AutoCloseable {
    /** Does the work on the directory with the copied data. */
    void read(Consumer<Path> work);

    @Override
    void close();
  }
}
