package dev.keg.backup.repository.rest;

import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;

/**
 * A frame in a rest that was repacked with zeros in place of unneeded content. In the table:
 *
 * <pre>
 * offset in the object (8), length there (4), length in the rest (4), CRC-32C of what is in the rest (4),
 * hash of its plain bytes (16), length of the bitmap (4), bitmap of the blocks that are needed
 * </pre>
 *
 * Version 2 of a rest does not have the hash.
 *
 * @param content the frame and its remaining content
 * @param position its position in the rest
 * @param stored its length there
 * @param crc the CRC-32C of its stored bytes
 * @param hash the keyed hash of its plain bytes, as the index has it of whole frames; empty if an
 *     earlier build wrote it
 */
public record ThinnedFrame(
    Needed.Content content, long position, int stored, int crc, Optional<ByteString> hash) {
  private static final int HASH = 16;
  private static final int FIXED = 24 + HASH;

  /** Far more than the blocks of a frame need. */
  private static final int MOST = 1 << 13;

  public ThinnedFrame {
    if (content.offset() < 0 || stored <= 0 || stored > content.length()) {
      throw new IllegalArgumentException(
          "%d of %d bytes at %d".formatted(stored, content.length(), content.offset()));
    }
  }

  /** The size of its entry in the table. */
  static int entry(BitSet blocks) {
    return FIXED + (blocks.length() + 7) / 8;
  }

  void writeTo(ByteBuffer table) {
    byte[] bitmap = content.blocks().toByteArray();
    table.putLong(content.offset()).putInt(content.length()).putInt(stored).putInt(crc);
    hash.orElseThrow().putInto(table);
    table.putInt(bitmap.length).put(bitmap);
  }

  static ThinnedFrame read(ByteBuffer table, long position, boolean isHashed) {
    long offset = table.getLong();
    int length = table.getInt();
    int stored = table.getInt();
    int crc = table.getInt();
    Optional<ByteString> hash = isHashed ? Optional.of(hash(table)) : Optional.empty();
    int bytes = table.getInt();
    if (bytes < 0 || bytes > MOST) {
      throw new IllegalArgumentException("a bitmap of " + bytes + " bytes");
    }
    byte[] bitmap = new byte[bytes];
    table.get(bitmap);
    Needed.Content content = new Needed.Content(offset, length, BitSet.valueOf(bitmap));
    return new ThinnedFrame(content, position, stored, crc, hash);
  }

  private static ByteString hash(ByteBuffer table) {
    byte[] hash = new byte[HASH];
    table.get(hash);
    return ByteString.of(hash);
  }
}
