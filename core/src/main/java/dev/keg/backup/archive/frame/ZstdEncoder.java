package dev.keg.backup.archive.frame;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import java.util.Optional;

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

  /**
   * Indexes and logs of databases repeat themselves in small pieces, of which level 3 takes the
   * first that fits. This one looks for better ones, and takes a quarter of the speed for it.
   */
  private static final int SEARCHING_LEVEL = 6;

  private static final int SEARCHING_TABLE_LOG = 17;

  /** How much of the middle of a frame says whether searching is worth it. */
  private static final int SAMPLE = 64 << 10;

  private final ZstdCompressCtx usual;
  private final Optional<ZstdCompressCtx> searching;

  public ZstdEncoder(int level) {
    usual = context(level);
    if (level == USUAL_LEVEL) {
      usual.setChainLog(TABLE_LOG).setHashLog(TABLE_LOG);
      searching =
          Optional.of(
              context(SEARCHING_LEVEL)
                  .setChainLog(SEARCHING_TABLE_LOG)
                  .setHashLog(SEARCHING_TABLE_LOG)
                  .setSearchLog(1));
    } else {
      searching = Optional.empty();
    }
  }

  private static ZstdCompressCtx context(int level) {
    return new ZstdCompressCtx()
        .setLevel(level)
        .setChecksum(true)
        .setContentSize(true)
        .setWindowLog(WINDOW_LOG);
  }

  /** Packs all that remains; the plain bytes stay readable. */
  public void encode(FrameBuffer buffer) {
    ByteBuffer plain = buffer.plain;
    ByteBuffer packed = buffer.room((int) Zstd.compressBound(plain.remaining()));
    ZstdCompressCtx context =
        searching.filter(better -> isWorth(better, plain, packed)).orElse(usual);
    packed.limit(pack(context, plain, plain.position(), plain.remaining(), packed));
  }

  /** Whether a sample packs well anyway, and a sixteenth better by searching. */
  private boolean isWorth(ZstdCompressCtx better, ByteBuffer plain, ByteBuffer room) {
    if (plain.remaining() < 8 * SAMPLE) {
      return false;
    }
    int middle = plain.position() + (plain.remaining() - SAMPLE) / 2;
    int length = pack(usual, plain, middle, SAMPLE, room);
    return length < SAMPLE / 5 && pack(better, plain, middle, SAMPLE, room) < length - length / 16;
  }

  private static int pack(
      ZstdCompressCtx context, ByteBuffer plain, int from, int length, ByteBuffer packed) {
    return context.compressDirectByteBuffer(packed, 0, packed.capacity(), plain, from, length);
  }

  @Override
  public void close() {
    usual.close();
    searching.ifPresent(ZstdCompressCtx::close);
  }
}
