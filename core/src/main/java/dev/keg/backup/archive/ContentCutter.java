package dev.keg.backup.archive;

import java.nio.ByteBuffer;

/**
 * Finds where to cut the content of a large file, by the content alone: a gear hash over the last
 * 64 bytes says where. What is inserted or removed moves the cuts next to it and no others.
 */
final class ContentCutter {
  /** No cut before this, so that frames stay worth their while. */
  static final int MIN = 1 << 20;

  /** One place in 2^20 is a cut: frames hold about 2 MiB. */
  private static final long MASK = 0xFFFFFL << 44;

  private static final long[] GEAR = gear();

  private final byte[] piece = new byte[64 << 10];
  private long hash;
  private int looked;

  /** The table must never change: with other numbers no frame would be recognised again. */
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
  void begin() {
    hash = 0;
    looked = MIN;
  }

  /** Looks at what was added since; the length at which to cut, or -1 if that is not in sight. */
  int cut(ByteBuffer plain) {
    while (looked < plain.position()) {
      int length = Math.min(piece.length, plain.position() - looked);
      plain.get(looked, piece, 0, length);
      int at = cutIn(length);
      if (at >= 0) {
        return looked + at;
      }
      looked += length;
    }
    return plain.hasRemaining() ? -1 : plain.position();
  }

  private int cutIn(int length) {
    byte[] bytes = piece;
    long[] gear = GEAR;
    long h = hash;
    for (int i = 0; i < length; i++) {
      h = (h << 1) + gear[bytes[i] & 0xFF];
      if ((h & MASK) == 0) {
        return i + 1;
      }
    }
    hash = h;
    return -1;
  }
}
