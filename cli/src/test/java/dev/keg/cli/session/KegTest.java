package dev.keg.cli.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class KegTest {
  @ParameterizedTest
  @CsvSource({
    "auto, false, AUTO",
    "auto, true,  NONE",
    "json, false, JSON",
    "json, true,  JSON",
    "none, true,  NONE",
  })
  void to_be_quiet_is_to_draw_no_line(String style, boolean quiet, ProgressStyle shown) {
    Keg keg = new Keg(Environment.ofProcess());
    new CommandLine(keg).parseArgs("--progress", style, "--root", "/keg");

    assertThat(keg.session(quiet).progress()).isEqualTo(shown);
  }
}
