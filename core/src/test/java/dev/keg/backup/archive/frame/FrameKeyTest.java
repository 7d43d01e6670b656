package dev.keg.backup.archive.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * The reference below is the algorithm of the paper with any number of rounds, in its simplest
 * form.
 */
public class FrameKeyTest {
  private static final long K0 = 0x0706050403020100L;
  private static final long K1 = 0x0f0e0d0c0b0a0908L;

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  @Test
  void the_reference_gives_the_published_vectors_of_siphash_2_4_128() {
    assertThat(hex(reference(2, 4, counting(0)))).isEqualTo("a3817f04ba25a8e66df67214c7550293");
    assertThat(hex(reference(2, 4, counting(1)))).isEqualTo("da87c1d86b99af44347659119b22fc45");
  }

  @Test
  void a_hash_is_that_of_the_reference_for_every_length_and_across_pieces() {
    FrameKey key = new FrameKey(K0, K1);
    for (int length = 0; length < 70; length++) {
      assertThat(key.hash(ByteBuffer.wrap(counting(length))))
          .isEqualTo(reference(1, 3, counting(length)));
    }
    for (int length : new int[] {65535, 65536, 65537, 200_003}) {
      ByteBuffer direct = ByteBuffer.allocateDirect(length).put(counting(length)).flip();
      assertThat(key.hash(direct)).isEqualTo(reference(1, 3, counting(length)));
      assertThat(direct.remaining()).isEqualTo(length);
    }
  }

  private static String hex(FrameHash hash) {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(hash.high()).putLong(hash.low());
    return HexFormat.of().formatHex(bytes.array());
  }

  private static FrameHash reference(int c, int d, byte[] in) {
    long[] v = {
      0x736f6d6570736575L ^ K0,
      0x646f72616e646f6dL ^ K1 ^ 0xEE,
      0x6c7967656e657261L ^ K0,
      0x7465646279746573L ^ K1
    };
    int whole = in.length & ~7;
    ByteBuffer words = ByteBuffer.wrap(in).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < whole; i += 8) {
      absorb(v, words.getLong(i), c);
    }
    long tail = (long) in.length << 56;
    for (int i = whole; i < in.length; i++) {
      tail |= (in[i] & 0xFFL) << (8 * (i - whole));
    }
    absorb(v, tail, c);
    v[2] ^= 0xEE;
    rounds(v, d);
    long first = v[0] ^ v[1] ^ v[2] ^ v[3];
    v[1] ^= 0xDD;
    rounds(v, d);
    return new FrameHash(first, v[0] ^ v[1] ^ v[2] ^ v[3]);
  }

  private static void absorb(long[] v, long word, int rounds) {
    v[3] ^= word;
    rounds(v, rounds);
    v[0] ^= word;
  }

  private static void rounds(long[] v, int count) {
    for (int i = 0; i < count; i++) {
      v[0] += v[1];
      v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
      v[0] = Long.rotateLeft(v[0], 32);
      v[2] += v[3];
      v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
      v[0] += v[3];
      v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
      v[2] += v[1];
      v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
      v[2] = Long.rotateLeft(v[2], 32);
    }
  }
}
