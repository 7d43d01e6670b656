package dev.keg.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimestampTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-20T10:00:55Z",
        "2026-11-20T10:00:55.5Z",
        "2026-11-20T10:00:55.512Z",
        "2026-11-20T10:00:55.512345678Z",
        "2024-02-29T23:59:59.000000001Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
        "-0044-03-15T12:00:00Z",
        "+12026-11-20T10:00:55Z",
        "2026-11-20T12:00:55+02:00",
        "2026-11-20t10:00:55z",
      })
  void a_time_is_parsed_as_the_general_parser_does(String text) {
    assertThat(Timestamp.parse(text)).isEqualTo(Instant.parse(text));
  }

  /** Each character of a valid time is replaced; both parsers must agree on the result. */
  @ParameterizedTest
  @ValueSource(strings = {"2026-11-20T10:00:55Z", "2026-11-20T10:00:55.512345678Z"})
  void a_wrong_character_is_read_as_the_general_parser_reads_it(String text) {
    for (int i = 0; i < text.length(); i++) {
      for (char wrong : "/:09xZ.- ".toCharArray()) {
        String changed = text.substring(0, i) + wrong + text.substring(i + 1);
        assertThat(parsed(() -> Timestamp.parse(changed)))
            .as(changed)
            .isEqualTo(parsed(() -> Instant.parse(changed)));
      }
    }
  }

  private static Optional<Instant> parsed(Supplier<Instant> parser) {
    try {
      return Optional.of(parser.get());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "now",
        "2026-11-20",
        "2026-11-20T10:00:55",
        "2026-13-20T10:00:55Z",
        "2026-02-29T10:00:55Z",
        "2026-11-20T25:00:55Z",
        "2026/11-20T10:00:55Z",
        "2026-11-20 10:00:55Z",
        "2026-11-20T10:00:55,5Z",
        "2026-11-20T10:00:55Z ",
        "2026-11-20T10:00:55.1234567890Z",
        "2026-11-20T10:00:5\u0665Z",
      })
  void an_invalid_time_is_refused(String text) {
    assertThatThrownBy(() -> Timestamp.parse(text)).isInstanceOf(DateTimeException.class);
  }
}
