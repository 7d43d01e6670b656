package dev.keg.linux.image;

import dev.keg.disk.DiskFormat;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A disk image and its format. A volume's is told by the file's name, which was given when it was
 * made, and never guessed: what is on a raw disk is up to the machine, which could make it look
 * like a format that leads to other files.
 */
record DiskFile(Path path, DiskFormat format) {
  private static final String NAME = "disk.";

  /** The one that a volume is to have. */
  static DiskFile of(VolumeHome home, DiskFormat format) {
    return new DiskFile(home.file(NAME + format.word()), format);
  }

  /** The one that a volume has. */
  static Optional<DiskFile> in(VolumeHome home) {
    return Arrays.stream(DiskFormat.values())
        .map(format -> of(home, format))
        .filter(file -> Files.isRegularFile(file.path()))
        .findFirst();
  }

  /** Whether other disks are built on it, by the further names that they gave it. */
  boolean hasChildren() throws IOException {
    return (int) Files.getAttribute(path, "unix:nlink") > 1;
  }

  /** As QEMU calls the format. */
  String qemuFormat() {
    return switch (format) {
      case VHD -> "vpc";
      case ISO -> "raw";
      case RAW, QCOW2, VHDX -> format.word();
    };
  }
}
