package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/** A driver that can close the files which programs have open in a volume. */
public interface ClosesFiles {
  /**
   * Writes what was written to disk and closes all files of the volume; whoever has one open gets
   * errors from now on. The core unmounts the volume afterwards. A volume that is not mounted is
   * not an error.
   */
  void closeFiles(Volume volume, VolumeHome home);
}
