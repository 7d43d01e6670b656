package dev.keg.backup.repository.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.repository.rest.ByteRanges.Range;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangesTest {
  /** 10 to 29, 40 to 49. */
  private final ByteRanges ranges =
      ByteRanges.of(List.of(new Range(40, 10), new Range(20, 10), new Range(10, 15)));

  @Test
  void parts_that_touch_become_one() {
    assertThat(ranges.list()).containsExactly(new Range(10, 20), new Range(40, 10));
    assertThat(ranges.length()).isEqualTo(30);
  }

  @ParameterizedTest
  @CsvSource({"10, 20, 0", "10, 1, 0", "12, 18, 2", "29, 1, 19", "40, 10, 20", "49, 1, 29"})
  void bytes_of_one_part_have_a_place(long offset, long count, long position) {
    assertThat(ranges.position(offset, count)).isEqualTo(OptionalLong.of(position));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "9, 2", "10, 21", "30, 1", "35, 10", "40, 11", "50, 1"})
  void others_have_none(long offset, long count) {
    assertThat(ranges.position(offset, count)).isEmpty();
  }

  @Test
  void all_of_another_are_contained_or_not() {
    assertThat(ranges.containsAll(ByteRanges.NONE)).isTrue();
    assertThat(ranges.containsAll(ByteRanges.of(List.of(new Range(12, 5), new Range(41, 2)))))
        .isTrue();
    assertThat(ranges.containsAll(ByteRanges.of(List.of(new Range(12, 5), new Range(39, 2)))))
        .isFalse();
  }
}
