package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/**
 * A driver that can pause writes to a volume's file system, so that a reader sees consistent data.
 */
public interface Freezes {
  /**
   * Pauses writes until the result is closed; the caller closes it in any case, also after a
   * failure.
   */
  Frozen freeze(Volume volume, VolumeHome home);

  /** A file system whose writers wait. */
  interface Frozen extends AutoCloseable {
    @Override
    void close();
  }
}
