package dev.keg.machine;

import dev.keg.driver.Renders.MachineDisk;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk for a running machine.
 *
 * @param slot the place at the machine's disk controllers, counted over all of them
 * @param files the files that the machine reads: the disk itself and the disks that it is built on
 * @param unshared the files that the machine reads for no other disk
 */
public record Plug(
    DriveId drive,
    VolumeName volume,
    MachineDisk disk,
    boolean readOnly,
    int slot,
    List<Path> files,
    List<Path> unshared) {
  public Plug {
    files = List.copyOf(files);
    unshared = List.copyOf(unshared);
  }

  /** A disk that shares no files with others. */
  public Plug(DriveId drive, VolumeName volume, MachineDisk disk, boolean readOnly) {
    this(
        drive,
        volume,
        disk,
        readOnly,
        drive.position().orElse(1),
        List.of(disk.file()),
        List.of(disk.file()));
  }

  /** The serial number by which the machine finds the disk. */
  public String serial() {
    return DiskSerial.of(volume.text());
  }
}
