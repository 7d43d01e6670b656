package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.crash.KillPoints;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One command line of the built program that is interrupted. In a line, DIR is the directory of the
 * trial; its root is DIR/root.
 */
interface CommandTrial extends KillPoints.Trial {
  String line();

  @Override
  default List<String> command(Path directory) {
    List<String> command = new ArrayList<>(List.of(BuiltProgram.path()));
    command.addAll(words(directory, line()));
    return command;
  }

  @Override
  default Map<String, String> environment() {
    return BuiltProgram.ENVIRONMENT;
  }

  private static List<String> words(Path directory, String line) {
    List<String> words = new ArrayList<>(List.of("--root", directory + "/root"));
    words.addAll(List.of(line.replace("DIR", directory.toString()).split(" ", -1)));
    return words;
  }

  default Outcome run(Path directory, String line) throws Exception {
    return BuiltProgram.run(environment(), words(directory, line).toArray(String[]::new));
  }

  /** Runs a command that must succeed. */
  default void keg(Path directory, String line) throws Exception {
    Outcome outcome = run(directory, line);
    assertThat(outcome.exit()).as("%s: %s", line, outcome.errors()).isZero();
  }
}
