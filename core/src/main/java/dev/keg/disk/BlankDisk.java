package dev.keg.disk;

import dev.keg.error.InvalidInput.InvalidSize;
import dev.keg.volume.Size;

/**
 * The description of an empty disk, fixed or dynamic. It only exists for disks that can be created.
 */
public record BlankDisk(DiskFormat format, DiskKind kind, Size size, int sectorSize) {
  public static final int SECTOR = 512;
  public static final int LARGE_SECTOR = 4096;

  private static final long MIB = 1L << 20;
  private static final Size LEAST = new Size(3 * MIB);
  private static final Size MOST_VHD = new Size(2040L << 30);
  private static final Size MOST_VHDX = new Size(64L << 40);

  public BlankDisk {
    if (kind == DiskKind.DIFFERENCING) {
      throw new IllegalArgumentException("a differencing disk is made from its parent");
    }
    switch (format) {
      case RAW -> atMost(format, size, new Size(Long.MAX_VALUE));
      case VHD -> atMost(format, size, MOST_VHD);
      case VHDX -> atMost(format, size, MOST_VHDX);
      case QCOW2, LUKS, ISO ->
          throw new IllegalArgumentException("not written here: " + format.word());
    }
    boolean known =
        sectorSize == SECTOR || (sectorSize == LARGE_SECTOR && format != DiskFormat.VHD);
    if (!known) {
      throw new IllegalArgumentException(format.word() + " has no sectors of " + sectorSize);
    }
    if (size.bytes() % sectorSize != 0) {
      throw new InvalidSize("a disk of %d bytes is not whole sectors".formatted(size.bytes()));
    }
  }

  public BlankDisk(DiskFormat format, DiskKind kind, Size size) {
    this(format, kind, size, SECTOR);
  }

  private static void atMost(DiskFormat format, Size size, Size most) {
    if (size.compareTo(LEAST) < 0) {
      throw new InvalidSize("a disk holds at least " + LEAST.humanBinary());
    }
    if (size.compareTo(most) > 0) {
      throw new InvalidSize(
          "a %s disk holds at most %s".formatted(format.word(), most.humanBinary()));
    }
  }
}
