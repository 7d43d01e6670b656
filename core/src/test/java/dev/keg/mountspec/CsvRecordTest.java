package dev.keg.mountspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.InvalidInput.InvalidSpec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CsvRecordTest {
  static Stream<Arguments> valid() {
    return Stream.of(
        Arguments.of("a", List.of("a")),
        Arguments.of("a,b", List.of("a", "b")),
        Arguments.of("a,,b,", List.of("a", "", "b", "")),
        Arguments.of(",", List.of("", "")),
        Arguments.of("\"a,b\",c", List.of("a,b", "c")),
        Arguments.of("\"a\"\"b\"", List.of("a\"b")),
        Arguments.of("\"\"", List.of("")),
        Arguments.of("\"a\nb\",c", List.of("a\nb", "c")),
        Arguments.of("\"a\r\nb\"", List.of("a\nb")),
        Arguments.of("a\nb", List.of("a")),
        Arguments.of("\n\na\n", List.of("a")),
        Arguments.of("", List.of()));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void the_first_record_is_cut_at_its_commas(String text, List<String> fields) {
    assertThat(CsvRecord.read(text)).isEqualTo(fields);
  }

  /** Each message as printed by docker 28. */
  static Stream<Arguments> invalid() {
    return Stream.of(
        Arguments.of("a\"b", "parse error on line 1, column 2: bare \" in non-quoted-field"),
        Arguments.of(
            "type=\"bind\"", "parse error on line 1, column 6: bare \" in non-quoted-field"),
        Arguments.of("éé\"x", "parse error on line 1, column 5: bare \" in non-quoted-field"),
        Arguments.of(
            "\"a", "parse error on line 1, column 3: extraneous or missing \" in quoted-field"),
        Arguments.of(
            "\"type=bind",
            "parse error on line 1, column 11: extraneous or missing \" in quoted-field"),
        Arguments.of(
            "\"a\"b", "parse error on line 1, column 3: extraneous or missing \" in quoted-field"),
        Arguments.of(
            "\"é\"x", "parse error on line 1, column 4: extraneous or missing \" in quoted-field"),
        Arguments.of(
            "\"type=bind,\"x",
            "parse error on line 1, column 12: extraneous or missing \" in quoted-field"),
        Arguments.of(
            "\"a\nb",
            "record on line 1; parse error on line 2, column 2: extraneous or missing \" in"
                + " quoted-field"),
        Arguments.of(
            "\"a\nb\"x",
            "record on line 1; parse error on line 2, column 2: extraneous or missing \" in"
                + " quoted-field"));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void a_quote_in_the_wrong_place_is_refused(String text, String message) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> CsvRecord.read(text))
        .withMessage(message);
  }
}
