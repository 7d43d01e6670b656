package dev.keg.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The 512 bytes that end every VHD, big-endian:
 *
 * <pre>
 *  0 "conectix"      8 features      12 version        16 data offset    24 time stamp
 * 28 creator        32 its version   36 host system    40 original size  48 current size
 * 56 geometry       60 disk type     64 checksum       68 unique id      84 saved state
 * </pre>
 *
 * @param stamp seconds since the year 2000
 */
record VhdFooter(DiskKind kind, long size, UUID id, int stamp) {
  static final int LENGTH = 512;
  static final String COOKIE = "conectix";

  private static final long YEAR_2000 = 946_684_800;
  private static final int RESERVED_FEATURE = 2;
  private static final int VERSION_1_0 = 0x10000;
  private static final int CHECKSUM_AT = 64;
  private static final int FIXED = 2;
  private static final int DYNAMIC = 3;
  private static final int DIFFERENCING = 4;

  // QEMU derives the size from the geometry, which cannot express most sizes, unless it knows the
  // creator to write the true size. Windows is such a creator.
  private static final String CREATOR = "win ";
  private static final int CREATOR_VERSION = 0x60001;
  private static final String HOST_SYSTEM = "Wi2k";

  static VhdFooter fresh(DiskKind kind, long size, UUID id, Instant now) {
    return new VhdFooter(kind, size, id, (int) (now.getEpochSecond() - YEAR_2000));
  }

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    bytes.put(ascii(COOKIE)).putInt(RESERVED_FEATURE).putInt(VERSION_1_0);
    bytes.putLong(kind == DiskKind.FIXED ? -1L : LENGTH).putInt(stamp);
    bytes.put(ascii(CREATOR)).putInt(CREATOR_VERSION).put(ascii(HOST_SYSTEM));
    bytes.putLong(size).putLong(size).putInt(geometry(size / LENGTH));
    bytes.putInt(type()).putInt(0);
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    return bytes.putInt(CHECKSUM_AT, checksum(bytes, CHECKSUM_AT)).clear();
  }

  private int type() {
    return switch (kind) {
      case FIXED -> FIXED;
      case DYNAMIC -> DYNAMIC;
      case DIFFERENCING -> DIFFERENCING;
    };
  }

  /** The footer at the end, if it is intact; then the image is a VHD. */
  static Optional<VhdFooter> atEnd(ImageFile image) throws IOException {
    long at = image.length() - LENGTH;
    return at < 0 ? Optional.empty() : decode(image.read(at, LENGTH));
  }

  static Optional<VhdFooter> decode(ByteBuffer raw) {
    ByteBuffer bytes = raw.order(ByteOrder.BIG_ENDIAN);
    byte[] cookie = new byte[COOKIE.length()];
    bytes.get(0, cookie);
    if (!COOKIE.equals(new String(cookie, StandardCharsets.US_ASCII))
        || bytes.getInt(CHECKSUM_AT) != checksum(bytes, CHECKSUM_AT)) {
      return Optional.empty();
    }
    UUID id = new UUID(bytes.getLong(68), bytes.getLong(76));
    return kind(bytes.getInt(60))
        .map(kind -> new VhdFooter(kind, bytes.getLong(48), id, bytes.getInt(24)));
  }

  private static Optional<DiskKind> kind(int type) {
    return switch (type) {
      case FIXED -> Optional.of(DiskKind.FIXED);
      case DYNAMIC -> Optional.of(DiskKind.DYNAMIC);
      case DIFFERENCING -> Optional.of(DiskKind.DIFFERENCING);
      default -> Optional.empty();
    };
  }

  /** The one's complement of the sum of all bytes except the checksum's. */
  static int checksum(ByteBuffer bytes, int checksumAt) {
    int sum = 0;
    for (int i = 0; i < bytes.capacity(); i++) {
      boolean own = i >= checksumAt && i < checksumAt + Integer.BYTES;
      sum += own ? 0 : bytes.get(i) & 0xFF;
    }
    return ~sum;
  }

  /** Cylinders (16 bits), heads and sectors (8 each), by the appendix of the VHD specification. */
  private static int geometry(long totalSectors) {
    long sectors = Math.min(totalSectors, 65535L * 16 * 255);
    int perTrack = 255;
    long heads = 16;
    long tracks = sectors / perTrack;
    if (sectors < 65535L * 16 * 63) {
      perTrack = 17;
      tracks = sectors / perTrack;
      heads = Math.max(4, (tracks + 1023) / 1024);
      if (tracks >= heads * 1024 || heads > 16) {
        perTrack = 31;
        heads = 16;
        tracks = sectors / perTrack;
      }
      if (tracks >= heads * 1024) {
        perTrack = 63;
        tracks = sectors / perTrack;
      }
    }
    return (int) (tracks / heads) << 16 | (int) heads << 8 | perTrack;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
