package dev.keg.cli.colour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColouredLinesTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream terminal = new PrintStream(written, true, UTF_8);

  private String written() {
    return written.toString(UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Error: rm db: no such volume | [1;31mError:[0m rm db: no such volume
          keg: unknown command: keg x  | [1;31mkeg:[0m unknown command: keg x
          Warning: cp: ä               | [1;33mWarning:[0m cp: ä
          Hint: keg ls                 | [1;36mHint:[0m keg ls
          Errors: none                 | Errors: none
          an Error: in a line          | an Error: in a line
          Err                          | Err
          """)
  void the_word_that_begins_a_line_has_a_tone(String line, String coloured) {
    ColouredLines.over(terminal, () -> true).print(line + "\n");

    assertThat(written().replace("\033", "")).isEqualTo(coloured + "\n");
  }

  @Test
  void a_message_behind_a_line_of_progress_begins_a_line() {
    PrintStream err = ColouredLines.over(terminal, () -> true);
    err.print("\r\033[Kdb  10%");
    err.print("\r\033[K");
    err.print("Warning: db: busy\n");

    assertThat(written()).isEqualTo("\r\033[Kdb  10%\r\033[K\033[1;33mWarning:\033[0m db: busy\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Error: x\nHint: y\n", "Continue? [y/N] ", "\r\033[Kdb  10%", "Erro", "\n"})
  void without_colours_every_byte_passes(String text) {
    PrintStream err = ColouredLines.over(terminal, () -> false);
    err.print(text);
    err.flush();

    assertThat(written()).isEqualTo(text);
  }

  @Test
  void nobody_is_asked_before_the_first_word_and_then_only_once() {
    int[] asked = {0};
    PrintStream err = ColouredLines.over(terminal, () -> ++asked[0] > 0);
    err.println("db  10%");
    assertThat(asked[0]).isZero();
    err.println("Error: a");
    err.println("Error: b");

    assertThat(asked[0]).isOne();
  }
}
