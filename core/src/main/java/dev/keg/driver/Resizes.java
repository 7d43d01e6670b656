package dev.keg.driver;

import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/** A driver that can change the size of a volume. */
public interface Resizes {
  /**
   * Grows or shrinks the volume, whether or not it is mounted here, and returns its new options.
   * The core calls it while no machine has the volume, and records the options afterwards. Called
   * again with the same size after a crash, it completes the work or changes nothing.
   */
  Options resize(Volume volume, VolumeHome home, Size size, Secrets secrets);
}
