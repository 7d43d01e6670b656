package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/** A driver that must know each holder of a volume, not only the first and the last. */
public interface KnowsHolders {
  /**
   * Forgets a holder for whom the data was mounted, while others still hold the volume. An unknown
   * holder is not an error. Not called for the last one: {@link VolumeDriver#unmount} forgets all
   * that remain.
   */
  void release(Volume volume, VolumeHome home, String holder);
}
