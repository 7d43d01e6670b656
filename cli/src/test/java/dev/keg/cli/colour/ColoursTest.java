package dev.keg.cli.colour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.config.Config;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColoursTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          TERM=xterm                              | true  | true
          TERM=xterm NO_COLOR=                    | true  | true
          TERM=xterm                              | false | false
          ''                                      | true  | false
          TERM=dumb                               | true  | false
          TERM=xterm NO_COLOR=1                   | true  | false
          TERM=xterm KEG_COLOUR=never             | true  | false
          TERM=dumb NO_COLOR=1 KEG_COLOUR=always  | false | true
          TERM=xterm NO_COLOR=1 KEG_COLOUR=auto   | true  | false
          TERM=xterm KEG_COLOUR=red               | true  | true
          """)
  void there_are_some(String variables, boolean terminal, boolean expected) {
    Map<String, String> environment =
        Stream.of(variables.split(" ", -1))
            .filter(word -> !word.isEmpty())
            .map(word -> word.split("=", 2))
            .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    Config config = new Config(environment, Optional.empty(), () -> Path.of("none", "config.json"));

    assertThat(new Colours(environment, () -> config).reach(() -> terminal)).isEqualTo(expected);
  }

  /**
   * Like --data without a shared registry, which the command reports when it looks for its root.
   */
  @Test
  void a_mistake_on_the_command_line_hides_no_message() {
    Colours colours =
        new Colours(
            Map.of("TERM", "xterm"),
            () -> {
              throw new IllegalArgumentException("--data applies only to a shared registry");
            });

    assertThat(colours.reach(() -> true)).isTrue();
  }
}
