package dev.keg.backup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgeTest {
  @ParameterizedTest
  @CsvSource({
    // The next day counts even an hour earlier.
    "1d, 2026-11-27T03:00, 2026-11-28T02:00, true",
    "1d, 2026-11-28T00:01, 2026-11-28T23:59, false",
    "7d, 2026-11-21T03:00, 2026-11-28T00:00, true",
    "7d, 2026-11-21T03:00, 2026-11-27T23:59, false",
    "1h, 2026-11-28T03:59, 2026-11-28T04:01, true",
    "1h, 2026-11-28T03:01, 2026-11-28T03:59, false",
    "6h, 2026-11-28T03:59, 2026-11-28T09:00, true",
    "6h, 2026-11-28T03:00, 2026-11-28T08:59, false",
    "1m, 2026-01-31T03:00, 2026-02-28T00:00, true",
    "1m, 2026-01-30T03:00, 2026-02-27T23:00, false",
    // An hour occurs twice in the night in which clocks are set back.
    "1d, 2026-10-24T02:30, 2026-10-25T02:30, true",
  })
  void what_is_done_once_in_a_stretch_is_due_in_the_next(
      String age, String last, String now, boolean due) {
    assertThat(Age.parse(age).isDue(time(last), time(now))).isEqualTo(due);
  }

  @ParameterizedTest
  @CsvSource({
    "26h, 2026-11-28T02:00, 2026-11-29T04:00, ''",
    "26h, 2026-11-28T01:59, 2026-11-29T04:00, is older than 26h",
    "1m, 2026-10-29T04:00, 2026-11-29T04:00, ''",
    // The clocks of machines differ a little.
    "1d, 2026-11-29T04:10, 2026-11-29T04:00, ''",
    "1d, 2026-11-29T04:11, 2026-11-29T04:00, 'is from the future, so that its age is unknown'",
    "1d, 2036-11-29T04:00, 2026-11-29T04:00, 'is from the future, so that its age is unknown'",
  })
  void what_is_older_or_ahead_is_not_known_to_be_recent(
      String age, String time, String now, String doubt) {
    assertThat(Age.parse(age).doubt(time(time).toInstant(), time(now)).orElse("")).isEqualTo(doubt);
  }

  private static ZonedDateTime time(String text) {
    return ZonedDateTime.parse(text + ":00+01:00[Europe/Berlin]");
  }
}
