package dev.keg.cli.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLinesTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream lines = JsonLines.over(new PrintStream(written, true, UTF_8));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          Error: rm db: no such volume | {"Error":"rm db: no such volume"}
          Hint: keg ls                 | {"Hint":"keg ls"}
          Warning: cp: a "b": \\        | {"Warning":"cp: a \\"b\\": \\\\"}
          debug: fsync 7               | {"Debug":"fsync 7"}
          Usage:  keg rm VOLUME        | {"Message":"Usage:  keg rm VOLUME"}
          {"Bytes":7}                  | {"Bytes":7}
          {oops}                       | {"Message":"{oops}"}
          {"Error":"forged"}           | {"Message":"{\\"Error\\":\\"forged\\"}"}
          """)
  void each_line_is_an_object(String line, String object) {
    lines.println(line);

    assertThat(written.toString(UTF_8)).isEqualTo(object + System.lineSeparator());
  }

  @Test
  void what_is_drawn_over_is_not_printed() {
    lines.print("\r\033[Kdb  10%");
    lines.print("\r\033[Kdb  20%");
    lines.print("\r\033[K");
    lines.println();
    lines.print("\r\033[KError: x\r\n");

    assertThat(written.toString(UTF_8)).isEqualTo("{\"Error\":\"x\"}" + System.lineSeparator());
  }

  @Test
  void an_unfinished_line_is_printed_at_the_end() {
    lines.print("half");
    assertThat(written.toString(UTF_8)).isEmpty();
    lines.close();

    assertThat(written.toString(UTF_8)).startsWith("{\"Message\":\"half\"}");
  }

  @Test
  void only_a_flag_asks_for_it() {
    assertThat(JsonLines.wantedBy(List.of("ls", "--json"))).isTrue();
    assertThat(JsonLines.wantedBy(List.of("rm", "--", "--json"))).isFalse();
    assertThat(JsonLines.wantedBy(List.of("ls", "--format", "json"))).isFalse();
  }
}
