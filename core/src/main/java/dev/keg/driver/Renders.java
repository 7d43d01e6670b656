package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.List;

/** A driver whose volumes a machine can have as disks. */
public interface Renders {
  /** What to give a machine; asked at any time, it changes nothing. */
  MachineDisk machineDisk(Volume volume, VolumeHome home);

  /** The disks of others that the volume's is built on: they must not change any more. */
  default List<Path> foundations(Volume volume, VolumeHome home) {
    return List.of();
  }

  /**
   * A disk as a machine gets it.
   *
   * @param format of the file: {@code raw}, {@code qcow2}, {@code vhdx} or {@code vhd}; a machine
   *     that is left to guess it can be led to another file by what is on the disk
   * @param readOnly whether writing to it would break other volumes
   */
  record MachineDisk(Path file, String format, boolean readOnly) {}
}
