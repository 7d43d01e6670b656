package dev.keg.backup.archive.index;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.zip.CRC32C;

/**
 * A frame that was packed anew after some of its content was needed no more: that is zeros now, and
 * all else is where it was.
 *
 * @param stored how many bytes it takes
 * @param crc the CRC-32C of them
 * @param live which blocks of its plain bytes are as they were
 */
public record Thinned(int stored, int crc, BitSet live) {
  /** As tar has them. */
  private static final int BLOCK = 512;

  public Thinned {
    live = (BitSet) live.clone();
  }

  /** The blocks that some plain bytes of a frame lie in. */
  public static BitSet blocks(int offset, int length) {
    BitSet blocks = new BitSet();
    blocks.set(offset / BLOCK, blocks(offset + length));
    return blocks;
  }

  /** How many blocks so many plain bytes have. */
  public static int blocks(int length) {
    return (length + BLOCK - 1) / BLOCK;
  }

  /** Where a block begins. */
  public static int offset(int block) {
    return block * BLOCK;
  }

  /** Whether the next bytes are those that it takes. */
  public boolean isSound(ByteBuffer bytes) {
    CRC32C actual = new CRC32C();
    actual.update(bytes.slice(bytes.position(), stored));
    return (int) actual.getValue() == crc;
  }

  /** Whether these blocks are as they were. */
  public boolean has(BitSet blocks) {
    BitSet missing = (BitSet) blocks.clone();
    missing.andNot(live);
    return missing.isEmpty();
  }
}
