package dev.keg.backup.archive.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ZstdEncoderTest {
  private static final int LENGTH = 2 << 20;
  private static final int PAGE = 8 << 10;
  private static final int ROWS = 366;

  @Test
  void an_index_of_a_database_is_searched_for_better_matches() {
    byte[] index = index();

    byte[] packed = packed(index, 3);

    assertArrayEquals(index, Zstd.decompress(packed, LENGTH));
    assertTrue(packed.length * 10L < usual(index) * 9L, packed.length + " of " + usual(index));
  }

  @Test
  void what_packs_less_well_is_packed_as_fast_as_before() {
    byte[] text = new byte[LENGTH];
    Random random = new Random(1);
    for (int i = 0; i < LENGTH; i++) {
      text[i] = (byte) ('a' + random.nextInt(16));
    }

    assertEquals(usual(text), packed(text, 3).length);
  }

  @Test
  void the_log_of_a_program_is_packed_better_though_faster() {
    byte[] log = log();

    byte[] packed = packed(log, 3);

    assertArrayEquals(log, Zstd.decompress(packed, LENGTH));
    assertTrue(packed.length * 33L < usual(log) * 32L, packed.length + " of " + usual(log));
  }

  @Test
  void a_program_is_packed_with_smaller_tables_and_hardly_larger() {
    byte[] program = program();

    int packed = packed(program, 3).length;

    assertNotEquals(usual(program), packed);
    assertTrue(packed * 50L < usual(program) * 51L, packed + " of " + usual(program));
  }

  @Test
  void another_level_is_what_somebody_asked_for() {
    byte[] index = index();

    assertEquals(Zstd.compress(index, 1).length, packed(index, 1).length, 100);
  }

  /** Pages of a B-tree like those of PostgreSQL: pointers from the front, rows from the back. */
  private static byte[] index() {
    ByteBuffer index = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    int key = 1;
    for (int page = 0; page < LENGTH; page += PAGE) {
      for (int row = 0; row < ROWS; row++, key++) {
        int at = PAGE - 16 * (row + 2);
        index.putInt(page + 24 + 4 * row, at | 1 << 15 | 16 << 17);
        index.putShort(page + at + 2, (short) (key / 61));
        index.putShort(page + at + 4, (short) (1 + key % 61));
        index.putShort(page + at + 6, (short) 16);
        index.putInt(page + at + 8, key);
      }
    }
    return index.array();
  }

  /** Lines of a few words, most of which soon recur. */
  private static byte[] program() {
    Random random = new Random(1);
    StringBuilder program = new StringBuilder();
    while (program.length() < LENGTH) {
      int word = (int) (5000 * Math.pow(random.nextDouble(), 3));
      program.append(Integer.toString(7919 * word, 36));
      program.append(random.nextInt(8) == 0 ? ";\n    " : " ");
    }
    return program.substring(0, LENGTH).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] log() {
    Random random = new Random(1);
    StringBuilder log = new StringBuilder();
    for (int time = 1_700_000_000; log.length() < LENGTH; time += random.nextInt(2)) {
      log.append(
          "%d.%03d INFO [worker-%d] request id=%08x user=%d path=/api/v1/items status=200 took=%dms\n"
              .formatted(
                  time,
                  random.nextInt(1000),
                  random.nextInt(16),
                  random.nextInt(),
                  random.nextInt(5000),
                  random.nextInt(900)));
    }
    return log.substring(0, LENGTH).getBytes(StandardCharsets.US_ASCII);
  }

  private static int usual(byte[] plain) {
    try (var context = new ZstdCompressCtx()) {
      context.setLevel(3).setChecksum(true).setWindowLog(22).setChainLog(18).setHashLog(18);
      return context.compress(plain).length;
    }
  }

  private static byte[] packed(byte[] plain, int level) {
    FrameBuffer buffer = new FrameBuffer();
    buffer.plain.put(plain).flip();
    try (ZstdEncoder encoder = new ZstdEncoder(level)) {
      encoder.encode(buffer);
    }
    byte[] packed = new byte[buffer.packed().remaining()];
    buffer.packed().get(packed);
    return packed;
  }
}
