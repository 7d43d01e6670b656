package dev.keg.backup.archive.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds where to cut the content of a large file, by a gear hash of the last 64 bytes. An insertion
 * or removal moves only the cuts next to it.
 */
public final class ContentCutter {
  /** The shortest frame, so that frames stay worthwhile. */
  public static final int MIN = 2 << 20;

  /** One position in 2^20 is a cut: frames hold about 3 MiB. */
  private static final long MASK = 0xFFFFFL << 43;

  private static final long[] GEAR = gear();
  private static final long[] DOUBLED = Arrays.stream(GEAR).map(word -> word << 1).toArray();

  private final long[] piece = new long[8 << 10];
  private long hash;
  private int looked;

  /** The table must never change: otherwise no earlier frame would be recognised. */
  private static long[] gear() {
    long[] gear = new long[256];
    long state = 0;
    for (int i = 0; i < gear.length; i++) {
      // SplitMix64
      state += 0x9E3779B97F4A7C15L;
      long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      gear[i] = z ^ (z >>> 31);
    }
    return gear;
  }

  /** Begins a new frame. */
  public void begin() {
    hash = 0;
    looked = MIN;
  }

  /**
   * Examines what was added since the last call; returns the length at which to cut, or -1 for no
   * cut yet.
   */
  public int cut(ByteBuffer plain) {
    ByteBuffer added = plain.duplicate().order(ByteOrder.LITTLE_ENDIAN).flip();
    while (looked < added.limit()) {
      int words = Math.min(piece.length, (added.limit() - looked) / Long.BYTES);
      added.position(looked).asLongBuffer().get(piece, 0, words);
      int at = words > 0 ? cutIn(words) : cutAfter(added.get(looked));
      if (at > 0) {
        return looked + at;
      }
      looked += Math.max(1, words * Long.BYTES);
    }
    return plain.hasRemaining() ? -1 : plain.position();
  }

  private int cutAfter(byte next) {
    hash = (hash << 1) + GEAR[next & 0xFF];
    return (hash & MASK) == 0 ? 1 : 0;
  }

  // Every large file goes through here, so it loads eight bytes at a time and adds two. After the
  // first of these, the sum is checked one shift later, where it has lost no bit of the mask.
  private int cutIn(int words) {
    long[] gear = GEAR;
    long[] doubled = DOUBLED;
    long h = hash;
    int limit = Math.min(words, piece.length);
    for (int i = 0; i < limit; i++) {
      long word = piece[i];
      for (int pair = 0; pair < Long.BYTES; pair += 2) {
        long twice = (h << 2) + doubled[(int) word & 0xFF];
        if ((twice & MASK << 1) == 0) {
          return i * Long.BYTES + pair + 1;
        }
        h = twice + gear[(int) (word >>> 8) & 0xFF];
        if ((h & MASK) == 0) {
          return i * Long.BYTES + pair + 2;
        }
        word >>>= 16;
      }
    }
    hash = h;
    return 0;
  }
}
