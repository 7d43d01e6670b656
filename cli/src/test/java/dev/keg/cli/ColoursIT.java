package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real terminal gets escape codes, and nothing else does. */
class ColoursIT {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String RED = "\033[1;31m";
  private static final String END = "\033[0m";

  @TempDir Path root;

  @BeforeEach
  void a_volume_is_damaged() throws Exception {
    assertThat(BuiltProgram.runOrCall("--root", root.toString(), "create", "db").exit()).isZero();
    Files.writeString(root.resolve("volumes/db/volume.json"), "{");
  }

  /** Runs the line at a terminal, and returns the terminal's output. */
  private String atTerminal(Map<String, String> variables, String line)
      throws IOException, InterruptedException {
    Map<String, String> more = new HashMap<>(Map.of("TERM", "xterm", "HOME", root.toString()));
    more.putAll(variables);
    String command = "'%s' --root '%s' %s".formatted(BuiltProgram.path(), root, line);
    return new ProcessRunner(List.of("/usr/bin/script"), BuiltProgram.ENVIRONMENT, LIMIT)
        .run(new Invocation(List.of("-qec", command, "/dev/null"), "", more))
        .output()
        .replace("\r", "");
  }

  @Test
  @NeedsTool(value = "script", from = "bsdutils")
  void a_terminal_shows_errors_hints_and_findings_in_colour() throws Exception {
    String rm = atTerminal(Map.of(), "rm db");
    assertThat(rm).startsWith(RED + "Error:" + END + " ").contains("\n\033[1;36mHint:" + END);
    assertThat(atTerminal(Map.of(), "chek"))
        .startsWith(RED + "keg:" + END + " unknown command: keg chek\n");

    String check = atTerminal(Map.of(), "check");
    assertThat(check).contains("db        " + RED + "volume db is damaged");
    assertThat(check.replaceAll("\033\\[[0-9;]*m", ""))
        .isEqualTo(atTerminal(Map.of("NO_COLOR", "1"), "check"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"check --json", "check --format json", "check -q", "rm --json db"})
  @NeedsTool(value = "script", from = "bsdutils")
  void output_for_programs_has_no_colours(String line) throws Exception {
    assertThat(atTerminal(Map.of("KEG_COLOUR", "always"), line))
        .contains("db")
        .doesNotContain("\033");
  }

  @Test
  void output_to_a_file_has_colours_only_on_request() throws Exception {
    String[] check = {"--root", root.toString(), "check"};
    String[] rm = {"--root", root.toString(), "rm", "db"};
    Map<String, String> terminal = Map.of("TERM", "xterm", "HOME", root.toString());
    assertThat(BuiltProgram.run(terminal, check).output()).doesNotContain("\033");
    assertThat(BuiltProgram.run(terminal, rm).errors()).startsWith("Error: ");

    BuiltProgram.runOrCall(terminal, "--root", root.toString(), "config", "colour", "always");
    assertThat(BuiltProgram.run(terminal, check).output()).contains(RED + "volume db");
    assertThat(BuiltProgram.run(terminal, rm).errors()).startsWith(RED + "Error:" + END);
  }
}
