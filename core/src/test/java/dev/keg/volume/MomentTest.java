package dev.keg.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneId.of("Europe/Berlin"));

  @ParameterizedTest
  @CsvSource({
    "50000,1970-01-01T13:53:20Z",
    "5000000000,2128-06-11T08:53:20Z",
    "1136073600.000000001,2006-01-01T00:00:00.000000001Z",
    "10m,2026-11-20T11:50:00Z",
    "1h30m,2026-11-20T10:30:00Z",
    "1.5h,2026-11-20T10:30:00Z",
    "24h,2026-11-19T12:00:00Z",
    "100ms,2026-11-20T11:59:59.900Z",
    "2026-11-20,2026-11-19T23:00:00Z",
    "2026-11-20T10:00:00,2026-11-20T09:00:00Z",
    "2026-11-20T10:00:00Z,2026-11-20T10:00:00Z",
    "2026-11-20T10:00:00+02:00,2026-11-20T08:00:00Z",
    "2026-11-20T10:00:00.5Z,2026-11-20T10:00:00.5Z"
  })
  void times(String text, Instant expected) {
    assertThat(Moment.parse(text, CLOCK)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "h", "10x", "1h x", "2026-13-01", "T", "-1h", "1d"})
  void no_times(String text) {
    assertThat(Moment.parse(text, CLOCK)).isEmpty();
  }
}
