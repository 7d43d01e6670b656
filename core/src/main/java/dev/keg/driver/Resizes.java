package dev.keg.driver;

import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/** A driver whose volumes can change their size. */
public interface Resizes {
  /**
   * Grows or shrinks the volume, mounted here or not, and returns the options that describe it now.
   * The core calls it while no machine has the volume, and records the options afterwards; called
   * again with the same size after a crash, it goes on where it was, or changes nothing.
   */
  Options resize(Volume volume, VolumeHome home, Size size, Secrets secrets);
}
