package dev.keg.render.document;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Names of disks in a machine: never {@code /dev/vda}, which depends on the order of all disks. The
 * UUID of the file system identifies the disk; if there is none, or a copy of the disk has the
 * same, the serial number of the volume does.
 */
final class DiskNames {
  private final Set<String> shared = new HashSet<>();

  DiskNames(List<Part> parts) {
    Set<String> seen = new HashSet<>();
    for (Part part : parts) {
      if (part instanceof Part.Disk disk) {
        disk.image().uuid().filter(uuid -> !seen.add(uuid)).ifPresent(shared::add);
      }
    }
  }

  /** The first column of fstab(5). */
  String of(Part.Image image) {
    return image
        .uuid()
        .filter(uuid -> !shared.contains(uuid))
        .map(uuid -> "UUID=" + uuid)
        .orElseGet(() -> bySerial(image));
  }

  private static String bySerial(Part.Image image) {
    String disk = "/dev/disk/by-id/virtio-" + image.serial();
    return image.inPartition() ? disk + "-part1" : disk;
  }
}
