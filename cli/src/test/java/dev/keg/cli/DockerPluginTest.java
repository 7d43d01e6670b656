package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerPluginTest {
  @ParameterizedTest
  @CsvSource({
    "keg ls -q, ls -q",
    "keg, ''",
    "keg docker-cli-plugin-hooks {}, __hooks {}",
    "keg create keg, create keg",
    "ls keg, ls keg",
    "create keg, create keg",
    "__complete keg rm d, __complete --docker -- rm d",
    "__complete -- rm keg, __complete -- rm keg",
  })
  void words_are_those_after_the_name(String given, String expected) {
    assertThat(words(Map.of(), given)).containsExactly(words(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "--context c keg ls -q, ls -q",
    "-H unix:///d.sock --tls keg rm keg, rm keg",
    "--context keg keg ls, ls",
    "inspect keg, inspect keg",
    "keg ls, ls"
  })
  void docker_puts_its_own_flags_in_front(String given, String expected) {
    assertThat(words(Map.of("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND", "docker"), given))
        .containsExactly(words(expected));
  }

  private static List<String> words(Map<String, String> variables, String line) {
    return List.of(DockerPlugin.words(variables, words(line)));
  }

  private static String[] words(String line) {
    return line.isEmpty() ? new String[0] : line.split(" ");
  }
}
