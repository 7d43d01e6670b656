package dev.keg.disk;

import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The facts in the headers of an image.
 *
 * @param size the size that a machine sees, in bytes
 * @param sectorSize the logical one
 * @param identity stays the same when the disk is written; raw disks have none
 * @param linkage the text that a child records of its parent; changes with a write, at least in
 *     VHDX
 * @param contiguous where the disk begins in the file, if it is stored in one piece
 * @param unclean whether a log must be replayed because the last writer did not finish
 */
public record Disk(
    DiskFormat format,
    DiskKind kind,
    Size size,
    int sectorSize,
    Optional<UUID> identity,
    Optional<UUID> linkage,
    Optional<ParentLink> parent,
    OptionalLong contiguous,
    boolean unclean) {

  /** Reads an image of any format. */
  public static Disk of(Path file) throws IOException {
    try (ImageFile image = ImageFile.open(file)) {
      return read(image, DiskFormat.of(image));
    }
  }

  /** Reads an image of a known format; another format is an error. */
  public static Disk of(Path file, DiskFormat format) throws IOException {
    try (ImageFile image = ImageFile.open(file)) {
      return read(image, format);
    }
  }

  private static Disk read(ImageFile image, DiskFormat format) throws IOException {
    return switch (format) {
      case RAW -> flat(DiskFormat.RAW, image.length(), 512);
      case ISO -> flat(DiskFormat.ISO, image.length(), 2048);
      case QCOW2 -> new Qcow2Reader(image).read();
      case VHDX -> new VhdxReader(image).read();
      case VHD -> new VhdReader(image).read();
    };
  }

  private static Disk flat(DiskFormat format, long length, int sectorSize) {
    return new Disk(
        format,
        DiskKind.FIXED,
        new Size(length),
        sectorSize,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.of(0),
        false);
  }
}
