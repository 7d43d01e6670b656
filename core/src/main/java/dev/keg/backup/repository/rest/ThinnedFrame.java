package dev.keg.backup.repository.rest;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * A frame in a rest that was packed anew with zeros for what is not needed of it. In the table:
 *
 * <pre>
 * offset in the object (8), length there (4), length in the rest (4), CRC-32C of what is in the rest (4),
 * length of the bitmap (4), bitmap of the blocks that are needed
 * </pre>
 *
 * @param content which frame, and what of it is there
 * @param position where it lies in the rest
 * @param stored how many bytes it takes there
 * @param crc the CRC-32C of those
 */
public record ThinnedFrame(Needed.Content content, long position, int stored, int crc) {
  private static final int FIXED = 24;

  /** Far more than the blocks of a frame need. */
  private static final int MOST = 1 << 13;

  public ThinnedFrame {
    if (content.offset() < 0 || stored <= 0 || stored > content.length()) {
      throw new IllegalArgumentException(
          "%d of %d bytes at %d".formatted(stored, content.length(), content.offset()));
    }
  }

  /** How many bytes it takes in the table. */
  static int entry(BitSet blocks) {
    return FIXED + (blocks.length() + 7) / 8;
  }

  void writeTo(ByteBuffer table) {
    byte[] bitmap = content.blocks().toByteArray();
    table.putLong(content.offset()).putInt(content.length()).putInt(stored).putInt(crc);
    table.putInt(bitmap.length).put(bitmap);
  }

  static ThinnedFrame read(ByteBuffer table, long position) {
    long offset = table.getLong();
    int length = table.getInt();
    int stored = table.getInt();
    int crc = table.getInt();
    int bytes = table.getInt();
    if (bytes < 0 || bytes > MOST) {
      throw new IllegalArgumentException("a bitmap of " + bytes + " bytes");
    }
    byte[] bitmap = new byte[bytes];
    table.get(bitmap);
    Needed.Content content = new Needed.Content(offset, length, BitSet.valueOf(bitmap));
    return new ThinnedFrame(content, position, stored, crc);
  }
}
