package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/** A driver with a slower way to give back space, which reads all of a volume. */
public interface CompactsFully extends Compacts {
  /** The same as {@link #compact}, and gives back what was only overwritten with zeros. */
  void compactFully(Volume volume, VolumeHome home);
}
