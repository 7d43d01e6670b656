package dev.keg.age;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * scrypt of RFC 7914 with one lane, as used by age: computing it takes {@code 128 * N * r} bytes of
 * memory, which makes guessing pass phrases expensive.
 */
final class Scrypt {
  private final int blocks;
  private final int words;
  private final int[] mixed = new int[16];

  private Scrypt(int r) {
    this.blocks = 2 * r;
    this.words = 16 * blocks;
  }

  /** A key of 32 bytes. */
  static byte[] key(byte[] password, byte[] salt, int logN, int r) {
    byte[] block = pbkdf2(password, salt, 128 * r);
    new Scrypt(r).mix(block, 1 << logN);
    return pbkdf2(password, block, 32);
  }

  /** PBKDF2-HMAC-SHA-256 with a single iteration. */
  static byte[] pbkdf2(byte[] password, byte[] salt, int length) {
    ByteBuffer key = ByteBuffer.allocate(length);
    for (int i = 1; key.hasRemaining(); i++) {
      byte[] number = ByteBuffer.allocate(4).putInt(i).array();
      key.put(Hkdf.hmac(password, salt, number), 0, Math.min(32, key.remaining()));
    }
    return key.array();
  }

  private void mix(byte[] block, int n) {
    int[] x = new int[words];
    ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(x);
    int[] y = new int[words];
    // A single array, which the garbage collector does not move.
    int[] seen = new int[n * words];
    for (int i = 0; i < n; i++) {
      System.arraycopy(x, 0, seen, i * words, words);
      mixBlock(x, y);
    }
    for (int i = 0; i < n; i++) {
      int other = (x[words - 16] & n - 1) * words;
      for (int k = 0; k < words; k++) {
        x[k] ^= seen[other + k];
      }
      mixBlock(x, y);
    }
    ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(x);
    Arrays.fill(x, 0);
  }

  private void mixBlock(int[] x, int[] y) {
    System.arraycopy(x, words - 16, mixed, 0, 16);
    for (int i = 0; i < blocks; i++) {
      for (int k = 0; k < 16; k++) {
        mixed[k] ^= x[16 * i + k];
      }
      salsa();
      System.arraycopy(mixed, 0, y, 16 * (i / 2 + (i % 2) * (blocks / 2)), 16);
    }
    System.arraycopy(y, 0, x, 0, words);
  }

  /**
   * Salsa20/8 of {@code mixed} in place. Nearly all time is spent here, and local variables are
   * several times faster than array elements.
   */
  private void salsa() {
    int[] m = mixed;
    int x0 = m[0];
    int x1 = m[1];
    int x2 = m[2];
    int x3 = m[3];
    int x4 = m[4];
    int x5 = m[5];
    int x6 = m[6];
    int x7 = m[7];
    int x8 = m[8];
    int x9 = m[9];
    int x10 = m[10];
    int x11 = m[11];
    int x12 = m[12];
    int x13 = m[13];
    int x14 = m[14];
    int x15 = m[15];
    for (int round = 0; round < 8; round += 2) {
      x4 ^= Integer.rotateLeft(x0 + x12, 7);
      x8 ^= Integer.rotateLeft(x4 + x0, 9);
      x12 ^= Integer.rotateLeft(x8 + x4, 13);
      x0 ^= Integer.rotateLeft(x12 + x8, 18);
      x9 ^= Integer.rotateLeft(x5 + x1, 7);
      x13 ^= Integer.rotateLeft(x9 + x5, 9);
      x1 ^= Integer.rotateLeft(x13 + x9, 13);
      x5 ^= Integer.rotateLeft(x1 + x13, 18);
      x14 ^= Integer.rotateLeft(x10 + x6, 7);
      x2 ^= Integer.rotateLeft(x14 + x10, 9);
      x6 ^= Integer.rotateLeft(x2 + x14, 13);
      x10 ^= Integer.rotateLeft(x6 + x2, 18);
      x3 ^= Integer.rotateLeft(x15 + x11, 7);
      x7 ^= Integer.rotateLeft(x3 + x15, 9);
      x11 ^= Integer.rotateLeft(x7 + x3, 13);
      x15 ^= Integer.rotateLeft(x11 + x7, 18);
      x1 ^= Integer.rotateLeft(x0 + x3, 7);
      x2 ^= Integer.rotateLeft(x1 + x0, 9);
      x3 ^= Integer.rotateLeft(x2 + x1, 13);
      x0 ^= Integer.rotateLeft(x3 + x2, 18);
      x6 ^= Integer.rotateLeft(x5 + x4, 7);
      x7 ^= Integer.rotateLeft(x6 + x5, 9);
      x4 ^= Integer.rotateLeft(x7 + x6, 13);
      x5 ^= Integer.rotateLeft(x4 + x7, 18);
      x11 ^= Integer.rotateLeft(x10 + x9, 7);
      x8 ^= Integer.rotateLeft(x11 + x10, 9);
      x9 ^= Integer.rotateLeft(x8 + x11, 13);
      x10 ^= Integer.rotateLeft(x9 + x8, 18);
      x12 ^= Integer.rotateLeft(x15 + x14, 7);
      x13 ^= Integer.rotateLeft(x12 + x15, 9);
      x14 ^= Integer.rotateLeft(x13 + x12, 13);
      x15 ^= Integer.rotateLeft(x14 + x13, 18);
    }
    m[0] += x0;
    m[1] += x1;
    m[2] += x2;
    m[3] += x3;
    m[4] += x4;
    m[5] += x5;
    m[6] += x6;
    m[7] += x7;
    m[8] += x8;
    m[9] += x9;
    m[10] += x10;
    m[11] += x11;
    m[12] += x12;
    m[13] += x13;
    m[14] += x14;
    m[15] += x15;
  }
}
