package dev.keg.backup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenTimeTest {
  // One o'clock at night in Vienna, which is still the previous day in UTC.
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-28T00:00:00Z"), ZoneId.of("Europe/Vienna"));

  @ParameterizedTest
  @CsvSource({
    "2026-11-27, 2026-11-27T22:59:59.999999999Z",
    "20261127, 2026-11-27T22:59:59.999999999Z",
    "today, 2026-11-28T22:59:59.999999999Z",
    "yesterday, 2026-11-27T22:59:59.999999999Z",
    "2026-11-28 06:30, 2026-11-28T05:30:00Z",
    "2026-11-28 06:30:15, 2026-11-28T05:30:15Z",
    "20261128_063015, 2026-11-28T05:30:15Z",
    "2026-11-28T06:30:00Z, 2026-11-28T06:30:00Z",
  })
  void a_time_is_read(String text, Instant time) {
    assertThat(WrittenTime.parse(text, CLOCK)).contains(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tomorrow", "2026-13-01", "20261128_256000", "2026-11-28 6:30", "db"})
  void what_is_not_a_time_is_left_to_others(String text) {
    assertThat(WrittenTime.parse(text, CLOCK)).isEmpty();
  }
}
