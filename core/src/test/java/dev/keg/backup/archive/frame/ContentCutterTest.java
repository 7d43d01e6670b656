package dev.keg.backup.archive.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class ContentCutterTest {
  private static final int LENGTH = FrameRef.MAX_LENGTH;

  /** The definition, byte by byte: it cut the backups of all earlier versions. */
  private static int firstCut(byte[] content) {
    long[] gear = new long[256];
    long state = 0;
    for (int i = 0; i < gear.length; i++) {
      state += 0x9E3779B97F4A7C15L;
      long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      gear[i] = z ^ (z >>> 31);
    }
    long hash = 0;
    for (int at = 2 << 20; at < content.length; at++) {
      hash = (hash << 1) + gear[content[at] & 0xFF];
      if ((hash & (0xFFFFFL << 43)) == 0) {
        return at + 1;
      }
    }
    return content.length;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void the_cut_is_where_the_definition_puts_it_however_the_content_comes(int seed) {
    byte[] content = new byte[LENGTH];
    Random random = new Random(seed);
    random.nextBytes(content);
    ByteBuffer plain = ByteBuffer.allocateDirect(LENGTH);
    ContentCutter cutter = new ContentCutter();
    cutter.begin();

    int cut = -1;
    while (cut < 0) {
      int step = Math.min(1 + random.nextInt(300_000), plain.remaining());
      plain.put(content, plain.position(), step);
      cut = cutter.cut(plain);
    }

    assertThat(cut).isEqualTo(firstCut(content));
  }
}
