package dev.keg.windows.driver;

import dev.keg.driver.ClosesFiles;
import dev.keg.driver.VolumeDriver;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/** A driver that takes a volume away in the same way for each operation that does so. */
public interface ReleasingDriver extends VolumeDriver, ClosesFiles {
  /**
   * Takes the volume away from where it is mounted; one that is not mounted is not an error.
   *
   * @param force closes the files that are open in it, which are an error otherwise
   */
  void release(String operation, Volume volume, VolumeHome home, boolean force);

  @Override
  default void unmount(Volume volume, VolumeHome home) {
    release("unmount", volume, home, false);
  }

  @Override
  default void closeAndUnmount(Volume volume, VolumeHome home) {
    release("unmount", volume, home, true);
  }

  @Override
  default void remove(Volume volume, VolumeHome home) {
    release("remove", volume, home, false);
  }
}
