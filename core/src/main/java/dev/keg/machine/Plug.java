package dev.keg.machine;

import dev.keg.driver.Renders.MachineDisk;
import dev.keg.volume.VolumeName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A disk for a running machine.
 *
 * @param slot which place at the machine's disk controllers, counted over all of them
 * @param files what the machine reads: the disk itself and the disks that it is built on
 * @param unshared those of the files that the machine reads for no other disk
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

  /** One that shares nothing with other disks. */
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

  /** The length to which virtio-blk cuts a serial number. */
  private static final int LONGEST_SERIAL = 20;

  private static final int SUM = 9;

  /**
   * The serial number by which the machine finds the disk: {@code /dev/disk/by-id/virtio-SERIAL}.
   * It is not just cut off, because another disk could have the same beginning.
   */
  public String serial() {
    String name = volume.text();
    if (name.length() <= LONGEST_SERIAL) {
      return name;
    }
    CRC32 sum = new CRC32();
    sum.update(name.getBytes(StandardCharsets.UTF_8));
    return "%s-%08x".formatted(name.substring(0, LONGEST_SERIAL - SUM), sum.getValue());
  }
}
