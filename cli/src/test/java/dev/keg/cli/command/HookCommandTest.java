package dev.keg.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HookCommandTest {
  @ParameterizedTest
  @CsvSource({
    "volume rm db, db",
    "--context c volume remove -f db web db, db web",
    "-H unix:///d.sock volume rm -- db, db",
    "volume rm ../db, ''",
    "volume ls, ''",
    "volume, ''",
    "container rm db, ''",
    "'', ''",
  })
  void what_docker_removed_is_read_from_its_command_line(String line, String names) {
    assertThat(HookCommand.removed(words(line)))
        .extracting(Object::toString)
        .containsExactlyElementsOf(words(names));
  }

  private static List<String> words(String line) {
    return line.isEmpty() ? List.of() : List.of(line.split(" "));
  }
}
