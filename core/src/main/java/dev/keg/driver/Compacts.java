package dev.keg.driver;

import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;

/** A driver whose volumes can give back room that they have taken and do not need any more. */
public interface Compacts {
  /**
   * Gives it back; the data stays as it is. The core calls it while no machine has the volume.
   * Killed at any moment, it leaves a volume that is whole, and the next call does the rest.
   */
  void compact(Volume volume, VolumeHome home);

  /** How much the volume takes of the file system that it lies on. */
  Size room(Volume volume, VolumeHome home) throws IOException;
}
