package dev.keg.backup.archive.frame;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Compresses an independent zstd frame, with its length in front and a checksum at the end. */
public final class ZstdEncoder implements AutoCloseable {
  /** The window covers a whole frame. */
  private static final int WINDOW_LOG = 22;

  /**
   * Level 3 with larger tables, which make up for the independence of the frames. They fit the
   * processor's caches; tables of twice the size compress slightly better but take longer.
   */
  private static final int USUAL_LEVEL = 3;

  private static final int TABLE_LOG = 18;

  /**
   * Database indexes and logs have short repetitions, for which level 3 takes the first match. This
   * level searches for better ones, at a quarter of the speed.
   */
  private static final int SEARCHING_LEVEL = 6;

  private static final int SEARCHING_TABLE_LOG = 17;

  /** How much of the middle of a frame to sample to decide whether searching pays off. */
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

  /** Whether a sample compresses well in any case, and a sixteenth better with searching. */
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
