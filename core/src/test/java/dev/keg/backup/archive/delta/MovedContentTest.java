package dev.keg.backup.archive.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.archive.delta.EarlierContent.Piece;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Slice;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MovedContentTest {
  private static final int LENGTH = 300_000;

  /** As many different bytes as given: few repeat, and many equal ones match at first. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16, 256})
  void all_but_what_is_next_to_an_insertion_is_found(int different) {
    SplittableRandom random = new SplittableRandom(different);
    byte[] before = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      before[i] = (byte) random.nextInt(different);
    }
    FrameRef frame = new FrameRef("x", 0, LENGTH, LENGTH, 0, new FrameHash(0, 0));
    for (int inserted : new int[] {1, 7, 5_000}) {
      int at = random.nextInt(LENGTH);
      byte[] now = new byte[LENGTH + inserted];
      Arrays.fill(now, (byte) 0xFF);
      System.arraycopy(before, 0, now, 0, at);
      System.arraycopy(before, at, now, at + inserted, LENGTH - at);

      List<Piece> pieces =
          MovedContent.find(
              ByteBuffer.wrap(now), ByteBuffer.wrap(before), List.of(new Slice(frame, 0, LENGTH)));

      int found = 0;
      for (Piece piece : pieces) {
        Slice slice = piece.slice();
        assertThat(Arrays.copyOfRange(now, piece.at(), piece.end()))
            .isEqualTo(Arrays.copyOfRange(before, slice.offset(), slice.end()));
        found += slice.length();
      }
      assertThat(found).isGreaterThan(LENGTH - 3 * Difference.LEAST);
    }
  }
}
