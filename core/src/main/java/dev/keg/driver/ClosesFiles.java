package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/** A driver that can close the files which programs have open in a volume. */
public interface ClosesFiles {
  /**
   * {@link VolumeDriver#unmount} for a volume with open files: flushes writes to disk and closes
   * the files; programs that have one open get errors from now on.
   */
  void closeAndUnmount(Volume volume, VolumeHome home);
}
