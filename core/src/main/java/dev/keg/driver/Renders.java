package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A driver whose volumes can be attached to a machine as disks. */
public interface Renders {
  /** The disk for a machine. Called at any time; changes nothing. */
  MachineDisk machineDisk(Volume volume, VolumeHome home);

  /**
   * The disks of other volumes that this volume's disk is built on; they must not change any more.
   */
  default List<Path> foundations(Volume volume, VolumeHome home) {
    return List.of();
  }

  /**
   * A disk as a machine gets it.
   *
   * @param format of the file: {@code raw}, {@code luks}, {@code qcow2}, {@code vhdx} or {@code
   *     vhd}; if a machine had to detect it, content on the disk could make the machine open
   *     another file
   * @param readOnly whether writing to it would break other volumes
   * @param keyFile with the key of an encrypted disk
   */
  record MachineDisk(Path file, String format, boolean readOnly, Optional<Path> keyFile) {
    public MachineDisk(Path file, String format, boolean readOnly) {
      this(file, format, readOnly, Optional.empty());
    }
  }
}
