package dev.keg.mountspec.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.InvalidInput.InvalidSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvFileTest {
  private static Map<String, String> read(String text) {
    return EnvFile.extend(Map.of("HOME", "/root"), ".env", text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          A=b               | b
          export A=b        | b
          `  A = b  `       | b
          A=b # comment     | b
          A=b#c             | b#c
          A=                | ``
          A=#c              | ``
          A=x=y             | x=y
          A=$HOME/x         | /root/x
          A=${NOPE:-x}      | x
          A="b # c"         | b # c
          A="${HOME}/x" # c | /root/x
          A="\\$HOME"       | $HOME
          A="a\\"b"         | a"b
          A='$HOME'         | $HOME
          A='a\\'           | a\\
          """)
  void a_line_sets_a_variable(String line, String value) {
    assertThat(read(line)).containsEntry("A", value);
  }

  @Test
  void a_value_may_use_the_lines_before_and_the_environment_holds() {
    assertThat(read("# first\nA=1\n\nB=${A}2\nHOME=/other\nC"))
        .isEqualTo(Map.of("A", "1", "B", "12", "HOME", "/root"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          A B=1   | failed to read .env: line 1: unexpected character in variable name "A B"
          =1      | failed to read .env: line 1: unexpected character in variable name ""
          A="b    | failed to read .env: line 1: unterminated quoted value "b
          A='b    | failed to read .env: line 1: unterminated quoted value 'b
          A=${    | invalid interpolation format for .env line 1.
          """)
  void what_is_not_an_assignment_is_refused(String line, String message) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> read(line))
        .withMessageStartingWith(message);
  }
}
