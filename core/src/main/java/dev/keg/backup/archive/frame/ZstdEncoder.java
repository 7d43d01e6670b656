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
   * Level 3 with larger tables, which make up for the independence of the frames. Tables of twice
   * the size compress slightly better but take longer.
   */
  private static final int USUAL_LEVEL = 3;

  private static final int TABLE_LOG = 18;

  /** How much of the middle of a frame to sample to decide how to compress it. */
  private static final int SAMPLE = 64 << 10;

  private final ZstdCompressCtx usual;
  private final Optional<Alternatives> alternatives;

  public ZstdEncoder(int level) {
    boolean isUsual = level == USUAL_LEVEL;
    usual = isUsual ? context(level, TABLE_LOG) : context(level);
    alternatives = isUsual ? Optional.of(new Alternatives()) : Optional.empty();
  }

  private static ZstdCompressCtx context(int level) {
    return new ZstdCompressCtx()
        .setLevel(level)
        .setChecksum(true)
        .setContentSize(true)
        .setWindowLog(WINDOW_LOG);
  }

  private static ZstdCompressCtx context(int level, int tableLog) {
    return context(level).setChainLog(tableLog).setHashLog(tableLog);
  }

  /** Packs all that remains; the plain bytes stay readable. */
  public void encode(FrameBuffer buffer) {
    ByteBuffer plain = buffer.plain;
    ByteBuffer packed = buffer.room((int) Zstd.compressBound(plain.remaining()));
    ZstdCompressCtx context =
        plain.remaining() < 8 * SAMPLE
            ? usual
            : alternatives.flatMap(others -> others.choose(plain, packed)).orElse(usual);
    packed.limit(pack(context, plain, plain.position(), plain.remaining(), packed));
  }

  /** Settings that compress some frames better than the usual ones, or as well in less time. */
  private static final class Alternatives {
    /**
     * Tables of half the size fit the cache of a processor. They find repetitions at short
     * distances, and miss some of those at long ones.
     */
    private final ZstdCompressCtx nearby = context(USUAL_LEVEL, TABLE_LOG - 1);

    /**
     * For content that is already compressed, and for program logs, which it compresses better than
     * level 3 because it ignores short matches.
     */
    private final ZstdCompressCtx quick = context(1);

    /**
     * Database indexes and logs have short repetitions, for which level 3 takes the first match.
     * This level searches for better ones, at a quarter of the speed.
     */
    private final ZstdCompressCtx searching = context(6, TABLE_LOG - 1).setSearchLog(1);

    /** The settings that suit a sample best; empty for the usual ones. */
    Optional<ZstdCompressCtx> choose(ByteBuffer plain, ByteBuffer room) {
      int middle = plain.position() + (plain.remaining() - SAMPLE) / 2;
      int length = pack(nearby, plain, middle, SAMPLE, room);
      if (length < SAMPLE / 5
          && pack(searching, plain, middle, SAMPLE, room) < length - length / 16) {
        return Optional.of(searching);
      }
      int quickly = pack(quick, plain, middle, SAMPLE, room);
      if (length > SAMPLE - SAMPLE / 8 || quickly < length - length / 32) {
        return Optional.of(quick);
      }
      boolean repeatsNearby = quickly > length + length / 64;
      return repeatsNearby && length < SAMPLE / 2 ? Optional.of(nearby) : Optional.empty();
    }

    void close() {
      nearby.close();
      quick.close();
      searching.close();
    }
  }

  private static int pack(
      ZstdCompressCtx context, ByteBuffer plain, int from, int length, ByteBuffer packed) {
    return context.compressDirectByteBuffer(packed, 0, packed.capacity(), plain, from, length);
  }

  @Override
  public void close() {
    usual.close();
    alternatives.ifPresent(Alternatives::close);
  }
}
