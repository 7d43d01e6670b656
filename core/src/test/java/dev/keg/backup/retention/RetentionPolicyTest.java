package dev.keg.backup.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.InvalidInput.InvalidRetention;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionPolicyTest {
  @ParameterizedTest
  @CsvSource({
    "1h, 1h",
    "2d, 2d",
    "3m, 3m",
    "4y, 4y",
    "1y6m3d12h, 1y6m3d12h",
    "48h, 48h",
    "0y1m, 1m",
    "007d, 7d",
  })
  void an_age_is_read(String text, String printed) {
    assertThat(Age.parse(text)).hasToString(printed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0d",
        "d",
        "1",
        "1w",
        "1d1m",
        "-1d",
        "1 d",
        "1.5d",
        "1D",
        "99999999999h",
        "1d\n"
      })
  void an_age_is_refused(String text) {
    assertThatThrownBy(() -> Age.parse(text))
        .isInstanceOf(InvalidRetention.class)
        .hasMessage("invalid age: '" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "7, 7", "999999999, 999999999", "-1, -1", "unlimited, -1"})
  void a_count_is_read(String text, int count) {
    assertThat(RetentionPolicy.parseCount(text)).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-2", "+1", "1.0", "all", "1000000000", " 1"})
  void a_count_is_refused(String text) {
    assertThatThrownBy(() -> RetentionPolicy.parseCount(text))
        .isInstanceOf(InvalidRetention.class)
        .hasMessage("invalid count: '" + text + "'");
  }

  @Test
  void a_policy_is_read_from_one_text() {
    assertThat(RetentionPolicy.parse("daily=7, weekly=unlimited,within=30d"))
        .isEqualTo(
            new RetentionPolicy(
                Map.of(Interval.DAILY, 7, Interval.WEEKLY, -1), Age.parse("30d"), List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nightly=7", "daily=7;weekly=4", "=7"})
  void a_policy_with_an_unknown_word_is_refused(String text) {
    assertThatThrownBy(() -> RetentionPolicy.parse(text)).isInstanceOf(InvalidRetention.class);
  }

  @Test
  void a_negative_count_is_refused() {
    assertThatThrownBy(() -> new RetentionPolicy(Map.of(Interval.DAILY, -2), null, List.of()))
        .isInstanceOf(InvalidRetention.class)
        .hasMessage("keep-daily: a negative count: -2");
  }

  @Test
  void a_count_of_zero_is_not_a_rule() {
    assertThat(new RetentionPolicy(Map.of(Interval.DAILY, 0), null, List.of()).isEmpty()).isTrue();
  }
}
