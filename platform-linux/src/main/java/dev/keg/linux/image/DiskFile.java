package dev.keg.linux.image;

import dev.keg.disk.DiskFormat;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** The one that a volume has; of an adopted disk the home has a link that names it. */
  static Optional<DiskFile> in(VolumeHome home) throws IOException {
    for (DiskFormat format : DiskFormat.values()) {
      DiskFile file = of(home, format);
      if (Files.isSymbolicLink(file.path())) {
        return Optional.of(new DiskFile(Files.readSymbolicLink(file.path()), format));
      }
      if (Files.isRegularFile(file.path())) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** Whether it was there before its volume. */
  boolean isAdopted(VolumeHome home) {
    return !path.startsWith(home.path());
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
