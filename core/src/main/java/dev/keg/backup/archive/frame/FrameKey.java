package dev.keg.backup.archive.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Hashes the content of frames with SipHash-1-3, 128 bits and a random key that a chain of archives
 * shares. Someone who writes to a volume does not know the key and so cannot construct a collision;
 * by chance, one occurs once in 2^128. A plain cryptographic hash would be as safe, but take more
 * time than compression.
 */
public record FrameKey(long k0, long k1) {
  /** The number of words to copy at a time: compilers make fast loops for arrays. */
  private static final int PIECE = 8 << 10;

  /** An unguessable key, even for someone who knows other names and numbers of this process. */
  public static FrameKey random() {
    SecureRandom random = new SecureRandom();
    return new FrameKey(random.nextLong(), random.nextLong());
  }

  /** Parses 32 hexadecimal digits. */
  public static FrameKey parse(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(text));
    if (bytes.remaining() != 2 * Long.BYTES) {
      throw new IllegalArgumentException("a key of " + bytes.remaining() + " bytes");
    }
    return new FrameKey(bytes.getLong(), bytes.getLong());
  }

  /** The hash of the buffer's remaining bytes; leaves the buffer unchanged. */
  public FrameHash hash(ByteBuffer content) {
    ByteBuffer rest = content.duplicate();
    State state = new State(k0, k1);
    LongBuffer words = rest.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    long[] piece = new long[Math.min(PIECE, words.remaining())];
    while (words.hasRemaining()) {
      int length = Math.min(piece.length, words.remaining());
      words.get(piece, 0, length);
      state.words(piece, length);
    }
    rest.position(rest.limit() - rest.remaining() % Long.BYTES);
    long tail = (long) content.remaining() << 56;
    for (int shift = 0; rest.hasRemaining(); shift += 8) {
      tail |= (rest.get() & 0xFFL) << shift;
    }
    return state.finish(tail);
  }

  /** The four words of SipHash, named as in its paper. */
  private static final class State {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    State(long k0, long k1) {
      v0 = 0x736f6d6570736575L ^ k0;
      v1 = 0x646f72616e646f6dL ^ k1 ^ 0xEE;
      v2 = 0x6c7967656e657261L ^ k0;
      v3 = 0x7465646279746573L ^ k1;
    }

    // Locals, because fields would be loaded and stored in every round.
    void words(long[] words, int length) {
      long a = v0;
      long b = v1;
      long c = v2;
      long d = v3;
      for (int i = 0; i < length; i++) {
        long word = words[i];
        d ^= word;
        a += b;
        c += d;
        b = Long.rotateLeft(b, 13) ^ a;
        d = Long.rotateLeft(d, 16) ^ c;
        a = Long.rotateLeft(a, 32);
        c += b;
        a += d;
        b = Long.rotateLeft(b, 17) ^ c;
        d = Long.rotateLeft(d, 21) ^ a;
        c = Long.rotateLeft(c, 32);
        a ^= word;
      }
      v0 = a;
      v1 = b;
      v2 = c;
      v3 = d;
    }

    private void round() {
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }

    FrameHash finish(long tail) {
      v3 ^= tail;
      round();
      v0 ^= tail;
      v2 ^= 0xEE;
      round();
      round();
      round();
      long first = v0 ^ v1 ^ v2 ^ v3;
      v1 ^= 0xDD;
      round();
      round();
      round();
      return new FrameHash(first, v0 ^ v1 ^ v2 ^ v3);
    }
  }
}
