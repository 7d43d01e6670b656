package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.time.Duration;

/** A driver that can examine how it stores volumes: the file system in an image, or a disk. */
public interface Examines {
  /**
   * Examines the storage without changing it. The caller has checked that nobody holds the volume,
   * but holds no lock: a mount meanwhile need not wait, and the result is then that the volume was
   * not examined.
   *
   * @param limit how long a program may take
   * @throws dev.keg.error.VolumeException if the program is missing, fails or takes longer
   */
  Examined examine(Volume volume, VolumeHome home, Duration limit);

  /** The result. */
  sealed interface Examined {
    /** No damage was found, or there is nothing to examine. */
    record Sound() implements Examined {}

    /**
     * There is a problem.
     *
     * @param remedy what the operator can do
     * @param losesData whether data is lost or will be
     */
    record Flawed(String problem, String consequence, String remedy, boolean losesData)
        implements Examined {}

    /** It cannot be examined in its current state. */
    record Skipped(String why) implements Examined {}
  }
}
