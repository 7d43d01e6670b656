package dev.keg.backup;

import java.nio.ByteBuffer;

/** Bytes that do not compress, made faster than by the JDK's generators: tests make gigabytes. */
public final class Noise {
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private long state;

  /**
   * @param seed equal ones make equal bytes
   */
  public Noise(long seed) {
    state = seed;
  }

  /** The next bytes, which differ from all before. */
  public byte[] bytes(int length) {
    ByteBuffer words = ByteBuffer.allocate(length + Long.BYTES);
    for (int at = 0; at < length; at += Long.BYTES) {
      words.putLong(at, next());
    }
    byte[] bytes = new byte[length];
    words.get(0, bytes);
    return bytes;
  }

  // SplitMix64
  private long next() {
    state += STEP;
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
