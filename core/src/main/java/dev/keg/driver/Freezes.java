package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/** A driver whose file system can stop writing for a moment, so that what is read is consistent. */
public interface Freezes {
  /** Stops writing until the result is closed; closed in any case, also after a failure. */
  Frozen freeze(Volume volume, VolumeHome home);

  /** A file system that waits. */
  interface Frozen extends AutoCloseable {
    @Override
    void close();
  }
}
