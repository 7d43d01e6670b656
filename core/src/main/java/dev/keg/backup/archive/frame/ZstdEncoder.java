package dev.keg.backup.archive.frame;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;

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

  /**
   * How to compress.
   *
   * @param tableLog the size of both tables; 0 for that of the level
   * @param searchLog how long to search for a match; 0 for that of the level
   */
  private record Settings(int level, int tableLog, int searchLog) {
    static final Settings USUAL = new Settings(USUAL_LEVEL, TABLE_LOG, 0);

    /**
     * Tables of half the size fit the cache of a processor. They find repetitions at short
     * distances, and miss some of those at long ones.
     */
    static final Settings NEARBY = new Settings(USUAL_LEVEL, TABLE_LOG - 1, 0);

    /**
     * For content that is already compressed, and for program logs, which it compresses better than
     * level 3 because it ignores short matches.
     */
    static final Settings QUICK = new Settings(1, 0, 0);

    /**
     * Database indexes and logs have short repetitions, for which level 3 takes the first match.
     * This level searches for better ones, at a quarter of the speed.
     */
    static final Settings SEARCHING = new Settings(6, TABLE_LOG - 1, 1);
  }

  private final int level;

  /** One for all settings: the tables of each would take as much memory as the usual ones. */
  private final ZstdCompressCtx context =
      new ZstdCompressCtx().setChecksum(true).setContentSize(true).setWindowLog(WINDOW_LOG);

  public ZstdEncoder(int level) {
    this.level = level;
  }

  /** Packs all that remains; the plain bytes stay readable. */
  public void encode(FrameBuffer buffer) {
    ByteBuffer plain = buffer.plain;
    ByteBuffer packed = buffer.room((int) Zstd.compressBound(plain.remaining()));
    Settings settings = settings(plain, packed);
    packed.limit(pack(settings, plain, plain.position(), plain.remaining(), packed));
  }

  private Settings settings(ByteBuffer plain, ByteBuffer room) {
    if (level != USUAL_LEVEL) {
      return new Settings(level, 0, 0);
    }
    return plain.remaining() < 8 * SAMPLE ? Settings.USUAL : choose(plain, room);
  }

  /** The settings that suit a sample best. */
  private Settings choose(ByteBuffer plain, ByteBuffer room) {
    int middle = plain.position() + (plain.remaining() - SAMPLE) / 2;
    int length = pack(Settings.NEARBY, plain, middle, SAMPLE, room);
    if (length < SAMPLE / 5
        && pack(Settings.SEARCHING, plain, middle, SAMPLE, room) < length - length / 16) {
      return Settings.SEARCHING;
    }
    int quickly = pack(Settings.QUICK, plain, middle, SAMPLE, room);
    if (length > SAMPLE - SAMPLE / 8 || quickly < length - length / 32) {
      return Settings.QUICK;
    }
    boolean repeatsNearby = quickly > length + length / 64;
    return repeatsNearby && length < SAMPLE / 2 ? Settings.NEARBY : Settings.USUAL;
  }

  private int pack(Settings settings, ByteBuffer plain, int from, int length, ByteBuffer packed) {
    context
        .setLevel(settings.level())
        .setChainLog(settings.tableLog())
        .setHashLog(settings.tableLog())
        .setSearchLog(settings.searchLog());
    return context.compressDirectByteBuffer(packed, 0, packed.capacity(), plain, from, length);
  }

  @Override
  public void close() {
    context.close();
  }
}
