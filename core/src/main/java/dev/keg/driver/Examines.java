package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.time.Duration;

/** A driver that can examine what it stores volumes in: the file system in an image, a disk. */
public interface Examines {
  /**
   * Examines the storage and changes nothing. The caller has seen that nobody holds the volume, but
   * has no lock: whoever wants to mount it meanwhile need not wait, and the answer is then that it
   * was not examined.
   *
   * @param limit how long a program may take
   * @throws dev.keg.error.VolumeException if the program is missing, fails or takes longer
   */
  Examined examine(Volume volume, VolumeHome home, Duration limit);

  /** What came of it. */
  sealed interface Examined {
    /** Nothing is wrong, or there is nothing to examine. */
    record Sound() implements Examined {}

    /**
     * Something is wrong.
     *
     * @param remedy what the operator does
     * @param losesData whether data is lost or will be
     */
    record Flawed(String problem, String consequence, String remedy, boolean losesData)
        implements Examined {}

    /** It cannot be examined as it is now. */
    record Skipped(String why) implements Examined {}
  }
}
