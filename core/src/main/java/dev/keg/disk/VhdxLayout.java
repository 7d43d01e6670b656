package dev.keg.disk;

import java.util.UUID;

/**
 * The layout of a VHDX (MS-VHDX 2.1): identifier, two headers, two region tables in the first MiB;
 * then regions that begin and end on whole MiB. The block allocation table (BAT) has an entry for
 * each payload block and, after each {@link #chunkRatio} of them, one for a sector bitmap.
 */
public record VhdxLayout(long size, int blockSize, int sectorSize, boolean differencing) {
  public static final long MIB = 1L << 20;
  static final int KIB_64 = 64 << 10;

  static final String SIGNATURE = "vhdxfile";
  static final int HEADER_SIGNATURE = 0x64616568; // "head"
  static final int REGION_SIGNATURE = 0x69676572; // "regi"
  static final String METADATA_SIGNATURE = "metadata";
  static final int CHECKSUM_AT = 4;
  static final long[] HEADERS_AT = {KIB_64, 2L * KIB_64};
  static final int HEADER_LENGTH = 4096;
  static final long[] REGION_TABLES_AT = {3L * KIB_64, 4L * KIB_64};

  static final UUID BAT = UUID.fromString("2dc27766-f623-4200-9d64-115e9bfd4a08");
  static final UUID METADATA = UUID.fromString("8b7ca206-4790-4b9a-b8fe-575f050f886e");

  static final UUID FILE_PARAMETERS = UUID.fromString("caa16737-fa36-4d43-b3b6-33f0aa44e76b");
  static final UUID VIRTUAL_DISK_SIZE = UUID.fromString("2fa54224-cd1b-4876-b211-5dbed83bf4b8");
  static final UUID VIRTUAL_DISK_ID = UUID.fromString("beca12ab-b2e6-4523-93ef-c309e000c746");
  static final UUID LOGICAL_SECTOR_SIZE = UUID.fromString("8141bf1d-a96f-4709-ba47-f233a8faab5f");
  static final UUID PHYSICAL_SECTOR_SIZE = UUID.fromString("cda348c7-445d-4471-9cc9-e9885251c556");
  static final UUID PARENT_LOCATOR = UUID.fromString("a8d35f2d-b30b-454d-abf7-d3d84834ab0c");
  static final UUID VHDX_PARENT = UUID.fromString("b04aefb7-d19e-4a81-b789-25b8e9445913");

  static final int LEAVE_BLOCKS_ALLOCATED = 1;
  static final int HAS_PARENT = 2;

  static final long LOG_AT = MIB;
  static final long METADATA_AT = 2 * MIB;
  static final long BAT_AT = 3 * MIB;

  /** PAYLOAD_BLOCK_FULLY_PRESENT; the other bits of an entry are the position in MiB. */
  static final long FULLY_PRESENT = 6;

  public static final long STATE_MASK = 7;

  private static final int LARGEST_DEFAULT_BLOCK = 32 << 20;

  /** 32 MiB like Windows, but not larger than the disk. */
  static int defaultBlockSize(long size) {
    return (int) Math.min(LARGEST_DEFAULT_BLOCK, Long.highestOneBit(size));
  }

  public long chunkRatio() {
    return (1L << 23) * sectorSize / blockSize;
  }

  long blocks() {
    return (size + blockSize - 1) / blockSize;
  }

  long entries() {
    long chunks = (blocks() + chunkRatio() - 1) / chunkRatio();
    return differencing ? chunks * (chunkRatio() + 1) : blocks() + (blocks() - 1) / chunkRatio();
  }

  /** The index of a payload block's entry. */
  public long entry(long block) {
    return block + block / chunkRatio();
  }

  long batLength() {
    return (entries() * Long.BYTES + MIB - 1) / MIB * MIB;
  }

  long dataAt() {
    return BAT_AT + batLength();
  }
}
