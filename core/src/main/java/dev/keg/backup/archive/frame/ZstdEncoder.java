package dev.keg.backup.archive.frame;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;

/** Makes a zstd frame that stands for itself, with its length in front and a checksum behind. */
public final class ZstdEncoder implements AutoCloseable {
  /** All of a frame. */
  private static final int WINDOW_LOG = 22;

  /**
   * Level 3 with larger tables, which give back what is lost by frames that know no others. They
   * fit the caches of a processor: those twice as large pack a little better, and take longer.
   */
  private static final int USUAL_LEVEL = 3;

  private static final int TABLE_LOG = 18;

  private final ZstdCompressCtx context = new ZstdCompressCtx();

  public ZstdEncoder(int level) {
    context.setLevel(level).setChecksum(true).setContentSize(true).setWindowLog(WINDOW_LOG);
    if (level == USUAL_LEVEL) {
      context.setChainLog(TABLE_LOG).setHashLog(TABLE_LOG);
    }
  }

  /** How much space this many bytes may need at worst. */
  public static int room(int plain) {
    return (int) Zstd.compressBound(plain);
  }

  /** Packs all that remains; the plain bytes stay readable. */
  public void encode(FrameBuffer buffer) {
    ByteBuffer plain = buffer.plain;
    ByteBuffer packed = buffer.packed.clear();
    int length =
        context.compressDirectByteBuffer(
            packed, 0, packed.capacity(), plain, plain.position(), plain.remaining());
    packed.limit(length);
  }

  @Override
  public void close() {
    context.close();
  }
}
