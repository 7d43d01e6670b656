package dev.keg.disk;

import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The facts in the headers of an image.
 *
 * @param size the size that a machine sees, in bytes
 * @param sectorSize the logical sector size
 * @param identity stays the same when the disk is written; raw disks have none
 * @param linkage the text that a child records of its parent; changes with a write, at least in
 *     VHDX
 * @param contiguous where the disk begins in the file, if it is stored there unchanged in one piece
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
  private static final int SECTOR = 512;
  private static final int LUKS_HEADER = 592;

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
      case RAW -> flat(DiskFormat.RAW, image.length(), SECTOR);
      case LUKS -> luks(image);
      case ISO -> flat(DiskFormat.ISO, image.length(), 2048);
      case QCOW2 -> new Qcow2Reader(image).read();
      case VHDX -> new VhdxReader(image).read();
      case VHD -> new VhdReader(image).read();
    };
  }

  /**
   * The header of LUKS 1, big-endian: {@code "LUKS\xba\xbe"}, the version at 6, the first sector of
   * the data at 104.
   */
  private static Disk luks(ImageFile image) throws IOException {
    boolean known =
        image.length() >= LUKS_HEADER
            && DiskFormat.hasAt(image, 0, "LUKS\u00ba\u00be")
            && big(image, 6, Short.BYTES).getShort() == 1;
    long data =
        known ? Integer.toUnsignedLong(big(image, 104, Integer.BYTES).getInt()) * SECTOR : 0;
    if (!known || data > image.length()) {
      throw image.broken("its LUKS header is damaged or of another version than 1");
    }
    return flat(DiskFormat.LUKS, image.length() - data, SECTOR, OptionalLong.empty());
  }

  private static ByteBuffer big(ImageFile image, long at, int length) throws IOException {
    return image.read(at, length).order(ByteOrder.BIG_ENDIAN);
  }

  private static Disk flat(DiskFormat format, long length, int sectorSize) {
    return flat(format, length, sectorSize, OptionalLong.of(0));
  }

  private static Disk flat(
      DiskFormat format, long length, int sectorSize, OptionalLong contiguous) {
    return new Disk(
        format,
        DiskKind.FIXED,
        new Size(length),
        sectorSize,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        contiguous,
        false);
  }
}
