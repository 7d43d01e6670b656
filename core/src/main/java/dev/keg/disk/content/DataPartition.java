package dev.keg.disk.content;

import dev.keg.disk.DiskFormat;
import dev.keg.disk.Guid;
import dev.keg.tree.FileKind.Extent;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/**
 * The only partition of a disk with a file system of Windows, which supports none outside
 * partitions. The GUID partition table (UEFI specification, chapter 5) is at both ends of the disk;
 * sectors have 512 bytes, numbers are little-endian:
 *
 * <pre>
 * protective MBR, at 446: 0, 3 bytes CHS, 0xEE, 3 bytes CHS, first sector, sectors; at 510 0xAA55
 * header          0 "EFI PART"    8 revision   12 its length   16 its CRC   24 its sector
 *                32 other header's 40 first and 48 last usable sector  56 GUID of the disk
 *                72 sector of the entries  80 their number  84 their length  88 their CRC
 * entry           0 GUID of its kind  16 its own GUID  32 first and 40 last sector  56 name, UTF-16
 * </pre>
 */
public final class DataPartition {
  /** The start of the partition. */
  public static final long START = 1 << 20;

  private static final int SECTOR = 512;
  private static final int ENTRIES = 128;
  private static final int ENTRY = 128;
  private static final int TABLE = ENTRIES * ENTRY;
  private static final int HEADER = 92;
  private static final int REVISION = 1 << 16;
  private static final int BOOT_RECORD = 446;
  private static final byte PROTECTED = (byte) 0xEE;
  private static final long MAGIC = 0x5452_4150_2049_4645L;
  private static final UUID BASIC_DATA = UUID.fromString("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7");
  private static final String NAME = "Basic data partition";

  private DataPartition() {}

  /** The size of the partition on a disk. */
  public static Size of(Size disk) {
    return new Size((disk.bytes() - 2 * START) / SECTOR * SECTOR);
  }

  /** Reads a part of a disk, in whole sectors. */
  @FunctionalInterface
  interface Reader {
    /** Little-endian. */
    ByteBuffer read(long at, int length) throws IOException;
  }

  /** Whether the disk has such a partition, and no other. */
  static boolean isOn(Reader disk) throws IOException {
    ByteBuffer header = disk.read(SECTOR, SECTOR);
    boolean known =
        header.getLong(0) == MAGIC
            && header.getLong(72) == 2
            && header.getInt(80) == ENTRIES
            && header.getInt(84) == ENTRY;
    if (!known) {
      return false;
    }
    ByteBuffer entries = disk.read(2 * SECTOR, TABLE);
    boolean first =
        Guid.get(entries.slice(0, Guid.LENGTH)).equals(BASIC_DATA)
            && entries.getLong(32) == START / SECTOR;
    ByteBuffer others = entries.slice(ENTRY, TABLE - ENTRY);
    return first && others.equals(ByteBuffer.allocate(others.capacity()));
  }

  /** The same for an image of any format. */
  public static boolean isOn(Path file, DiskFormat format) throws IOException {
    try (GuestDisk disk = GuestDisk.open(file, format)) {
      return isOn(disk::read);
    }
  }

  /** The same for a raw image, or a device in which the disk begins at this position. */
  public static boolean isOn(FileChannel channel, long start) throws IOException {
    return isOn(
        (at, length) -> {
          ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
          var _ = channel.read(bytes, start + at);
          return bytes.clear();
        });
  }

  /**
   * Writes the partition with its content to a raw image of zeros.
   *
   * @param content the image of a file system, as large as the partition
   * @param data where the content is not zeros
   */
  public static void write(Path raw, Path content, List<Extent> data, Supplier<UUID> ids)
      throws IOException {
    try (FileChannel disk = FileChannel.open(raw, StandardOpenOption.WRITE);
        FileChannel source = FileChannel.open(content, StandardOpenOption.READ)) {
      long sectors = disk.size() / SECTOR;
      ByteBuffer entries = entries(sectors, ids.get());
      UUID id = ids.get();
      long last = sectors - 1;
      put(disk, 0, bootRecord(sectors));
      put(disk, 1, header(1, last, 2, entries, id));
      put(disk, 2, entries);
      put(disk, last - TABLE / SECTOR, entries);
      put(disk, last, header(last, 1, last - TABLE / SECTOR, entries, id));
      for (Extent extent : data) {
        disk.position(START + extent.offset());
        for (long done = 0; done < extent.length(); ) {
          done += source.transferTo(extent.offset() + done, extent.length() - done, disk);
        }
      }
    }
  }

  private static void put(FileChannel disk, long sector, ByteBuffer bytes) throws IOException {
    ByteBuffer left = bytes.duplicate().clear();
    while (left.hasRemaining()) {
      var _ = disk.write(left, sector * SECTOR + left.position());
    }
  }

  private static ByteBuffer zeros(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Tells old programs that the disk is in use. */
  private static ByteBuffer bootRecord(long sectors) {
    ByteBuffer sector = zeros(SECTOR);
    sector.position(BOOT_RECORD);
    sector.put((byte) 0).put((byte) 0).put((byte) 2).put((byte) 0);
    sector.put(PROTECTED).put((byte) -1).put((byte) -1).put((byte) -1);
    sector.putInt(1).putInt((int) Math.min(sectors - 1, 0xFFFF_FFFFL));
    return sector.putShort(SECTOR - 2, (short) 0xAA55);
  }

  private static ByteBuffer entries(long sectors, UUID id) {
    ByteBuffer entries = zeros(TABLE);
    Guid.put(entries, BASIC_DATA);
    Guid.put(entries, id);
    long first = START / SECTOR;
    long length = of(new Size(sectors * SECTOR)).bytes() / SECTOR;
    entries.putLong(first).putLong(first + length - 1).putLong(0);
    return entries.put(NAME.getBytes(StandardCharsets.UTF_16LE));
  }

  private static ByteBuffer header(
      long own, long other, long table, ByteBuffer entries, UUID disk) {
    long usable = 2 + TABLE / SECTOR;
    long last = Math.max(own, other);
    ByteBuffer sector = zeros(SECTOR);
    sector.putLong(MAGIC).putInt(REVISION).putInt(HEADER).putInt(0).putInt(0);
    sector.putLong(own).putLong(other).putLong(usable).putLong(last - usable + 1);
    Guid.put(sector, disk);
    sector.putLong(table).putInt(ENTRIES).putInt(ENTRY).putInt(crc(entries, TABLE));
    return sector.putInt(16, crc(sector, HEADER));
  }

  private static int crc(ByteBuffer bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes.slice(0, length));
    return (int) crc.getValue();
  }
}
