package dev.keg.backup.archive.index;

import dev.keg.backup.archive.frame.FrameHash;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A frame that was repacked after some of its content was no longer needed: that content is now
 * zeros, and the rest is unchanged.
 *
 * @param stored its stored length in bytes
 * @param crc the CRC-32C of the stored bytes
 * @param hash the hash of its plain bytes; empty if an earlier build wrote it
 * @param live the blocks of its plain bytes that are unchanged
 */
public record Thinned(int stored, int crc, Optional<FrameHash> hash, BitSet live) {
  /** The block size of tar. */
  private static final int BLOCK = 512;

  /** The blocks that contain a range of a frame's plain bytes. */
  public static BitSet blocks(int offset, int length) {
    BitSet blocks = new BitSet();
    blocks.set(offset / BLOCK, blocks(offset + length));
    return blocks;
  }

  /** The number of blocks for this many plain bytes. */
  public static int blocks(int length) {
    return (length + BLOCK - 1) / BLOCK;
  }

  /** The offset of a block. */
  public static int offset(int block) {
    return block * BLOCK;
  }

  /** Whether these are its stored bytes. */
  public boolean isSound(ByteBuffer bytes) {
    CRC32C actual = new CRC32C();
    actual.update(bytes.slice(bytes.position(), stored));
    return (int) actual.getValue() == crc;
  }

  /** Whether these blocks are unchanged. */
  public boolean has(BitSet blocks) {
    BitSet missing = (BitSet) blocks.clone();
    missing.andNot(live);
    return missing.isEmpty();
  }
}
