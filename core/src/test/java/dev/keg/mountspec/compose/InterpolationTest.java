package dev.keg.mountspec.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.InvalidInput.InvalidSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterpolationTest {
  private final Interpolation interpolation =
      new Interpolation(Map.of("A", "a", "EMPTY", "", "_x9", "x", "Path", "/p"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          plain                    | plain
          $A                       | a
          ${A}                     | a
          x$A/y                    | xa/y
          $A$A                     | aa
          $A-b                     | a-b
          $_x9.                    | x.
          $Path:ro                 | /p:ro
          $$                       | $
          $$A                      | $A
          $$$A                     | $a
          $${A}                    | ${A}
          [$NONE]                  | []
          [${NONE}]                | []
          ${A-d}                   | a
          ${NONE-d}                | d
          [${EMPTY-d}]             | []
          ${EMPTY:-d}              | d
          ${NONE:-d}               | d
          [${NONE:-}]              | []
          ${NONE:-/a:b-c?d}        | /a:b-c?d
          ${NONE:-$A}              | a
          ${NONE:-${ALSO:-${A}}}/x | a/x
          ${NONE:-a$$b}            | a$b
          ${A?message}             | a
          ${A:?message}            | a
          [${EMPTY?message}]       | []
          ${A+other}               | other
          [${NONE+other}]          | []
          ${EMPTY+other}           | other
          [${EMPTY:+other}]        | []
          ${A:+x${A}y}             | xay
          ${NONE:-a}}              | a}
          """)
  void a_variable_becomes_its_value(String text, String expected) {
    assertThat(interpolation.apply(text, "services.web.volumes.[0]")).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$",
        "a$",
        "$1",
        "${",
        "${}",
        "${A",
        "${1}",
        "${A:}",
        "${A;x}",
        "$ {A}",
        "${NONE:-${A}",
        "${ A}",
        "${A }",
        "${.}"
      })
  void what_is_not_a_variable_is_refused(String text) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> interpolation.apply(text, "services.web.volumes.[0]"))
        .withMessage(
            "invalid interpolation format for services.web.volumes.[0].\n"
                + "You may need to escape any $ with another $.\n"
                + text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ${NONE?}          | required variable NONE is missing a value
          ${NONE?set it}    | required variable NONE is missing a value: set it
          ${NONE:?set $A}   | required variable NONE is missing a value: set a
          ${EMPTY:?set it}  | required variable EMPTY is missing a value: set it
          """)
  void a_required_variable_must_have_a_value(String text, String message) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> interpolation.apply(text, "name"))
        .withMessage("error while interpolating name: " + message);
  }

  @Test
  void variables_without_a_value_are_remembered_once() {
    interpolation.apply("$ONE$TWO${ONE}${THREE:-x}$EMPTY", "name");

    assertThat(interpolation.unset()).containsExactly("ONE", "TWO");
  }

  @Test
  void endless_nesting_is_refused() {
    String text = "${NONE:-".repeat(1000) + "}".repeat(1000);

    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> interpolation.apply(text, "name"))
        .withMessageStartingWith("invalid interpolation format for name.");
  }
}
