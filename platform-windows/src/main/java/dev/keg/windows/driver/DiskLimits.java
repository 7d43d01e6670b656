package dev.keg.windows.driver;

import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.driver.DriverOptions;
import dev.keg.error.InvalidInput.InvalidSize;
import dev.keg.volume.Size;
import dev.keg.windows.win32.VolumeFormat;

/** The sizes of disks that can be created and formatted. */
public final class DiskLimits {
  public static final Size DEFAULT_SIZE = new Size(10L << 30);

  private static final long MIB = 1L << 20;
  private static final Size MOST_FAT32 = new Size(32L << 30);

  private DiskLimits() {}

  /**
   * The disk for option {@code size}, rounded up to whole MiB. Refuses a size that does not suit
   * the file system.
   */
  public static BlankDisk blank(DriverOptions options, DiskKind kind, VolumeFormat format) {
    Size wanted = options.size("size").orElse(DEFAULT_SIZE);
    if (wanted.compareTo(least(format)) < 0) {
      throw options.invalid(
          "size", "at least %s for %s".formatted(least(format).humanBinary(), format.word()));
    }
    if (format == VolumeFormat.FAT32 && wanted.compareTo(MOST_FAT32) > 0) {
      throw options.invalid("size", "at most 32GiB for fat32; exfat has no such limit");
    }
    try {
      return new BlankDisk(DiskFormat.VHDX, kind, wholeMebibytes(wanted));
    } catch (InvalidSize e) {
      throw options.invalid("size", "another size: " + e.getMessage());
    }
  }

  public static Size wholeMebibytes(Size size) {
    long rest = size.bytes() % MIB;
    return rest == 0 || size.bytes() > Long.MAX_VALUE - MIB
        ? size
        : new Size(size.bytes() - rest + MIB);
  }

  /** The smallest disk that Windows can format, including the partition table. */
  private static Size least(VolumeFormat format) {
    return switch (format) {
      case NTFS, EXFAT -> new Size(16 * MIB);
      case FAT32 -> new Size(64 * MIB);
      case REFS -> new Size(2048 * MIB);
    };
  }
}
