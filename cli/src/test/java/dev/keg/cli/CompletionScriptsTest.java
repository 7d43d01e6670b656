package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.cli.completion.CompletionScript;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionScriptsTest {
  @ParameterizedTest
  @CsvSource({"BASH,keg.bash", "ZSH,_keg", "FISH,keg.fish"})
  void the_scripts_that_are_shipped_are_those_that_keg_prints(
      CompletionScript script, String file) {
    assertThat(Path.of("..", "completions", file)).hasContent(script.text());
  }
}
