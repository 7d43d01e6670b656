package dev.keg.backup.archive.write;

import dev.keg.backup.archive.frame.FrameBuffer;
import dev.keg.backup.archive.frame.FramePipeline.Job;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Creates one gzip member (RFC 1952) whose deflate blocks are compressed on several threads, as by
 * pigz: each frame ends at a byte boundary and uses the preceding 32 KiB as its dictionary.
 */
final class GzipPacking implements StreamSink.Packing {
  private static final int WINDOW = 32 << 10;
  private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};

  /** An empty last block. */
  private static final byte[] FINAL_BLOCK = {3, 0};

  private final int level;
  private final CRC32 crc = new CRC32();
  private long length;
  private byte[] window = new byte[0];

  GzipPacking(int level) {
    this.level = level;
  }

  /**
   * The space that this many bytes may need: stored blocks, 5 bytes for each 16 KiB, and the flush.
   */
  private static int room(int plain) {
    return plain + (plain >> 11) + 64;
  }

  @Override
  public ByteBuffer header() {
    return ByteBuffer.wrap(HEADER);
  }

  @Override
  public Job next(FrameBuffer full) {
    byte[] before = window;
    int size = full.plain.position();
    window = new byte[Math.min(WINDOW, size)];
    full.plain.get(size - window.length, window);
    return new Job() {
      @Override
      public void pack(FrameBuffer buffer) {
        deflate(before, buffer);
      }

      @Override
      public void written(long offset, FrameBuffer buffer) {
        length += buffer.plain.remaining();
        crc.update(buffer.plain.duplicate());
      }
    };
  }

  private void deflate(byte[] dictionary, FrameBuffer buffer) {
    Deflater deflater = new Deflater(level, true);
    try {
      deflater.setDictionary(dictionary);
      deflater.setInput(buffer.plain.duplicate());
      ByteBuffer packed = buffer.room(room(buffer.plain.remaining()));
      int n;
      do {
        n = deflater.deflate(packed, Deflater.SYNC_FLUSH);
      } while (n > 0 && packed.hasRemaining());
      if (!packed.hasRemaining()) {
        throw new IllegalStateException("deflate needs more room than it may");
      }
      packed.flip();
    } finally {
      deflater.end();
    }
  }

  @Override
  public ByteBuffer trailer() {
    return ByteBuffer.allocate(FINAL_BLOCK.length + 2 * Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(FINAL_BLOCK)
        .putInt((int) crc.getValue())
        .putInt((int) length)
        .flip();
  }
}
