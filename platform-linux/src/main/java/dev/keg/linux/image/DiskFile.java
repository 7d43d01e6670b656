package dev.keg.linux.image;

import dev.keg.disk.DiskFormat;
import dev.keg.disk.Qcow2Header;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A disk image and its format. The format is recorded in the file name of a volume's disk and never
 * detected from the content: a machine controls the content of a raw disk and could imitate a
 * format that refers to other files.
 */
record DiskFile(Path path, DiskFormat format) {
  private static final String NAME = "disk.";

  /** The disk of a new volume. */
  static DiskFile of(VolumeHome home, DiskFormat format) {
    return new DiskFile(home.file(NAME + format.word()), format);
  }

  /** The disk of a volume; for an adopted disk, the home contains a symbolic link to it. */
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

  /** Whether the disk existed before its volume. */
  boolean isAdopted(VolumeHome home) {
    return !path.startsWith(home.path());
  }

  /** Makes an existing disk the volume's, by a symbolic link whose name contains the format. */
  static void adopt(VolumeHome home, Path existing, DiskFormat format) throws IOException {
    Files.createDirectory(home.data());
    Files.createSymbolicLink(of(home, format).path(), existing);
  }

  /** Whether other disks are built on it through hard links. */
  boolean hasChildren() throws IOException {
    return (int) Files.getAttribute(path, "unix:nlink") > 1;
  }

  /** The name of the format in a machine's configuration. */
  String machineFormat() {
    return format == DiskFormat.ISO ? DiskFormat.RAW.word() : format.word();
  }

  /** QEMU's name for the format. */
  String qemuFormat() {
    return switch (format) {
      case VHD -> "vpc";
      case ISO -> "raw";
      case RAW, LUKS, QCOW2, VHDX -> format.word();
    };
  }

  /** Whether reading it requires the key. */
  boolean isEncrypted() throws IOException {
    return format == DiskFormat.LUKS
        || (format == DiskFormat.QCOW2 && Qcow2Header.of(path).encrypted());
  }

  /** QEMU's options for an encrypted disk, whose key is the secret {@code key}. */
  String encryptedOptions() {
    String key = format == DiskFormat.LUKS ? "key-secret=key" : "encrypt.key-secret=key";
    return "driver=%s,%s,file.driver=file%s".formatted(qemuFormat(), key, fileOption());
  }

  /** The end of such options; it identifies the process that serves the disk. */
  String fileOption() {
    return ",file.filename=" + path.toString().replace(",", ",,");
  }
}
