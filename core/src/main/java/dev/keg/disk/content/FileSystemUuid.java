package dev.keg.disk.content;

import dev.keg.disk.DiskFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The UUID of the file system at the start of a disk, in the format of blkid(8); for NTFS also in
 * the {@link DataPartition}. Its positions, with little-endian numbers:
 *
 * <pre>
 * ext2, 3, 4   at  1080 0xef53          UUID at  1128
 * xfs          at     0 "XFSB"          UUID at    32
 * btrfs        at 65600 "_BHRfS_M"      UUID at 65568
 * swap         at  4086 "SWAPSPACE2"    UUID at  1036
 * ntfs         at     3 "NTFS    "      8 bytes at 72
 * vfat         at    82 "FAT32   "      4 bytes at 67
 *              at    54 "FAT12   ", "FAT16   " 4 bytes at 39
 * </pre>
 */
public final class FileSystemUuid {
  private static final int BEGINNING = 8192;
  private static final long BTRFS_AT = 65536;
  private static final int BTRFS_LENGTH = 512;
  private static final int EXT_MAGIC = 0xef53;
  private static final int BOOT_SECTOR_AT = 510;
  private static final int BOOT_SECTOR = 0xaa55;
  private static final String NTFS = "NTFS    ";

  private FileSystemUuid() {}

  /** Empty if there is no known file system, or traces of two. */
  public static Optional<String> find(Path file, DiskFormat format) throws IOException {
    try (GuestDisk disk = GuestDisk.open(file, format)) {
      List<String> found = new ArrayList<>(all(disk.read(0, BEGINNING)));
      btrfs(disk.read(BTRFS_AT, BTRFS_LENGTH)).ifPresent(found::add);
      if (found.isEmpty() && DataPartition.isOn(disk::read)) {
        ByteBuffer partition = disk.read(DataPartition.START, BEGINNING);
        return has(partition, 3, NTFS) ? bootSector(partition) : Optional.empty();
      }
      return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }
  }

  /** Whether the UUID is the serial number of an NTFS; only that has no hyphens. */
  public static boolean isOfNtfs(String uuid) {
    return uuid.indexOf('-') < 0;
  }

  private static List<String> all(ByteBuffer disk) {
    List<String> found = new ArrayList<>();
    if ((disk.getShort(1080) & 0xffff) == EXT_MAGIC) {
      uuid(disk, 1128).ifPresent(found::add);
    }
    if (has(disk, 0, "XFSB")) {
      uuid(disk, 32).ifPresent(found::add);
    }
    if (has(disk, 4086, "SWAPSPACE2")) {
      uuid(disk, 1036).ifPresent(found::add);
    }
    if ((disk.getShort(BOOT_SECTOR_AT) & 0xffff) == BOOT_SECTOR) {
      bootSector(disk).ifPresent(found::add);
    }
    return found;
  }

  private static Optional<String> bootSector(ByteBuffer disk) {
    if (has(disk, 3, NTFS)) {
      long serial = disk.getLong(72);
      return serial == 0 ? Optional.empty() : Optional.of("%016X".formatted(serial));
    }
    if (has(disk, 82, "FAT32   ")) {
      return fat(disk.getInt(67));
    }
    return has(disk, 54, "FAT12   ") || has(disk, 54, "FAT16   ")
        ? fat(disk.getInt(39))
        : Optional.empty();
  }

  private static Optional<String> fat(int serial) {
    return serial == 0
        ? Optional.empty()
        : Optional.of("%04X-%04X".formatted(serial >>> 16, serial & 0xffff));
  }

  private static Optional<String> btrfs(ByteBuffer superblock) {
    return has(superblock, 64, "_BHRfS_M") ? uuid(superblock, 32) : Optional.empty();
  }

  private static Optional<String> uuid(ByteBuffer disk, int at) {
    ByteBuffer bytes = disk.duplicate().order(ByteOrder.BIG_ENDIAN);
    UUID uuid = new UUID(bytes.getLong(at), bytes.getLong(at + Long.BYTES));
    return uuid.equals(new UUID(0, 0)) ? Optional.empty() : Optional.of(uuid.toString());
  }

  private static boolean has(ByteBuffer disk, int at, String magic) {
    byte[] bytes = new byte[magic.length()];
    disk.get(at, bytes);
    return magic.equals(new String(bytes, StandardCharsets.ISO_8859_1));
  }
}
