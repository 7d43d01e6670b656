package dev.keg.backup.tar;

import dev.keg.tree.ByteString;
import java.util.Locale;

/**
 * A header block of 512 bytes with the fields of POSIX ustar and the earlier GNU format:
 *
 * <pre>
 *   0 name[100]   100 mode[8]   108 uid[8]     116 gid[8]        124 size[12]      136 mtime[12]
 * 148 chksum[8]   156 typeflag  157 linkname[100]                257 magic[6]      263 version[2]
 * 265 uname[32]   297 gname[32] 329 devmajor[8] 337 devminor[8]  345 prefix[155]
 * </pre>
 */
final class TarBlock {
  static final int SIZE = 512;

  /** A field of the block. */
  enum Field {
    NAME(0, 100),
    MODE(100, 8),
    UID(108, 8),
    GID(116, 8),
    SIZE(124, 12),
    MTIME(136, 12),
    CHECKSUM(148, 8),
    TYPE(156, 1),
    LINKNAME(157, 100),
    MAGIC(257, 8),
    DEVMAJOR(329, 8),
    DEVMINOR(337, 8),
    PREFIX(345, 155);

    final int offset;
    final int length;

    Field(int offset, int length) {
      this.offset = offset;
      this.length = length;
    }

    /** The largest number that fits as octal digits and a NUL. */
    long max() {
      return (1L << (3 * (length - 1))) - 1;
    }
  }

  private final byte[] bytes;
  private final int start;

  TarBlock(byte[] bytes, int start) {
    this.bytes = bytes;
    this.start = start;
  }

  boolean isZero() {
    for (int i = 0; i < SIZE; i++) {
      if (bytes[start + i] != 0) {
        return false;
      }
    }
    return true;
  }

  byte at(int offset) {
    return bytes[start + offset];
  }

  char type() {
    return (char) (at(Field.TYPE.offset) & 0xFF);
  }

  /** The text up to the first NUL, or the whole field. */
  ByteString text(Field field) {
    int from = start + field.offset;
    int to = from;
    while (to < from + field.length && bytes[to] != 0) {
      to++;
    }
    return ByteString.of(bytes, from, to);
  }

  boolean isPosix() {
    return magic("ustar\0" + "00");
  }

  boolean isGnu() {
    return magic("ustar  \0");
  }

  private boolean magic(String magic) {
    for (int i = 0; i < magic.length(); i++) {
      if (at(Field.MAGIC.offset + i) != magic.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  long number(Field field) throws Malformed {
    long value = signedNumber(field);
    if (value < 0) {
      throw new Malformed("a negative number in the field " + name(field));
    }
    return value;
  }

  long signedNumber(Field field) throws Malformed {
    return number(field.offset, field.length, name(field));
  }

  /**
   * Octal digits, possibly after spaces, ended by a NUL or space; or, with the first bit set, a
   * number to base 256 in two's complement, GNU's format for larger numbers.
   */
  long number(int offset, int length, String name) throws Malformed {
    return (at(offset) & 0x80) != 0 ? base256(offset, length, name) : octal(offset, length, name);
  }

  private long octal(int offset, int length, String name) throws Malformed {
    int i = 0;
    while (i < length && at(offset + i) == ' ') {
      i++;
    }
    long value = 0;
    for (; i < length && at(offset + i) >= '0' && at(offset + i) <= '7'; i++) {
      value = value << 3 | (at(offset + i) - '0');
    }
    for (; i < length; i++) {
      if (at(offset + i) != 0 && at(offset + i) != ' ') {
        throw new Malformed("not an octal number in the field " + name);
      }
    }
    return value;
  }

  private long base256(int offset, int length, String name) throws Malformed {
    // The bit that marks the format is not part of the number; the next one is the sign.
    long value = (at(offset) & 0x40) != 0 ? -1 : 0;
    value = value << 6 | (at(offset) & 0x3F);
    for (int i = 1; i < length; i++) {
      if (value != value << 8 >> 8) {
        throw new Malformed("a number beyond 64 bits in the field " + name);
      }
      value = value << 8 | (at(offset + i) & 0xFF);
    }
    return value;
  }

  private static String name(Field field) {
    return field.name().toLowerCase(Locale.ROOT);
  }

  /** POSIX sums unsigned bytes; some old programs summed signed ones. */
  boolean checksumHolds() {
    long wanted;
    try {
      wanted = number(Field.CHECKSUM);
    } catch (Malformed _) {
      return false;
    }
    long signed = 0;
    for (int i = 0; i < SIZE; i++) {
      signed += isChecksum(i) ? ' ' : at(i);
    }
    return wanted == unsignedSum() || wanted == signed;
  }

  /** Counts the checksum field itself as spaces. */
  private long unsignedSum() {
    int sum = Field.CHECKSUM.length * ' ';
    for (int i = start; i < start + SIZE; i++) {
      sum += bytes[i] & 0xFF;
    }
    int field = start + Field.CHECKSUM.offset;
    for (int i = field; i < field + Field.CHECKSUM.length; i++) {
      sum -= bytes[i] & 0xFF;
    }
    return sum;
  }

  private static boolean isChecksum(int i) {
    return i >= Field.CHECKSUM.offset && i < Field.CHECKSUM.offset + Field.CHECKSUM.length;
  }

  void type(char type) {
    bytes[start + Field.TYPE.offset] = (byte) type;
  }

  /** Stores as much of the text as fits. */
  void text(Field field, ByteString text) {
    text.substring(0, Math.min(text.length(), field.length)).copyInto(bytes, start + field.offset);
  }

  void octal(Field field, long value) {
    long rest = value;
    for (int i = field.length - 2; i >= 0; i--) {
      bytes[start + field.offset + i] = (byte) ('0' + (rest & 7));
      rest >>>= 3;
    }
  }

  /** Writes the magic and, last, the checksum: six digits, a NUL and a space. */
  void seal() {
    ByteString.utf8("ustar\0" + "00").copyInto(bytes, start + Field.MAGIC.offset);
    long sum = unsignedSum();
    int offset = start + Field.CHECKSUM.offset;
    for (int i = 5; i >= 0; i--) {
      bytes[offset + i] = (byte) ('0' + (sum & 7));
      sum >>>= 3;
    }
    bytes[offset + 6] = 0;
    bytes[offset + 7] = ' ';
  }
}
