package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/** A driver that has to know of each holder of a volume, not only of the first and the last. */
public interface KnowsHolders {
  /**
   * Forgets a holder for whom the data was mounted, while others still hold the volume. A holder
   * that is not known is not an error. The last one is not named: {@link VolumeDriver#unmount}
   * forgets all that are left.
   */
  void release(Volume volume, VolumeHome home, String holder);
}
