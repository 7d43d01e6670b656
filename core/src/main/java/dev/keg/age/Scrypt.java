package dev.keg.age;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * scrypt of RFC 7914 with one lane, as age uses it: its result costs {@code 128 * N * r} bytes of
 * memory, so that guessing pass phrases costs money.
 */
final class Scrypt {
  private final int blocks;
  private final int words;
  private final int[] mixed = new int[16];
  private final int[] salsa = new int[16];

  private Scrypt(int r) {
    this.blocks = 2 * r;
    this.words = 16 * blocks;
  }

  /** 32 bytes. */
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
    int[][] seen = new int[n][];
    for (int i = 0; i < n; i++) {
      seen[i] = x.clone();
      mixBlock(x, y);
    }
    for (int i = 0; i < n; i++) {
      int[] other = seen[x[words - 16] & n - 1];
      for (int k = 0; k < words; k++) {
        x[k] ^= other[k];
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

  /** Salsa20/8 of {@code mixed} in place. */
  private void salsa() {
    System.arraycopy(mixed, 0, salsa, 0, 16);
    for (int round = 0; round < 8; round += 2) {
      quarter(0, 4, 8, 12);
      quarter(5, 9, 13, 1);
      quarter(10, 14, 2, 6);
      quarter(15, 3, 7, 11);
      quarter(0, 1, 2, 3);
      quarter(5, 6, 7, 4);
      quarter(10, 11, 8, 9);
      quarter(15, 12, 13, 14);
    }
    for (int k = 0; k < 16; k++) {
      mixed[k] += salsa[k];
    }
  }

  private void quarter(int a, int b, int c, int d) {
    int[] s = salsa;
    s[b] ^= Integer.rotateLeft(s[a] + s[d], 7);
    s[c] ^= Integer.rotateLeft(s[b] + s[a], 9);
    s[d] ^= Integer.rotateLeft(s[c] + s[b], 13);
    s[a] ^= Integer.rotateLeft(s[d] + s[c], 18);
  }
}
