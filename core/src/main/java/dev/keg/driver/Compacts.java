package dev.keg.driver;

import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;

/** A driver whose volumes can give back space that they no longer need. */
public interface Compacts {
  /**
   * Gives back unneeded space and keeps the data. The core calls it while no machine has the
   * volume. If it is killed, the volume stays intact and the next call completes the work.
   */
  void compact(Volume volume, VolumeHome home);

  /** How much space the volume occupies on its file system. */
  Size room(Volume volume, VolumeHome home) throws IOException;

  /** A driver with a slower way to give back space, which reads all of a volume. */
  interface Fully extends Compacts {
    /** The same as {@link #compact}, and gives back what was only overwritten with zeros. */
    void compactFully(Volume volume, VolumeHome home);
  }
}
