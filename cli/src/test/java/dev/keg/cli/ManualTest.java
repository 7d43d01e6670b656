package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.cli.manual.ManualPages;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.golden.Golden;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The installed manual pages match the commands and the documentation; {@code -Dkeg.golden.update}
 * rewrites them.
 */
class ManualTest {
  private static final Path MANUAL = Path.of("packaging", "man");

  @Test
  void the_pages_are_those_of_the_commands_and_of_the_documentation() throws IOException {
    var pages = new ManualPages(PagesTest.DOCS, ShellCommands.model()).all();
    for (var page : pages.entrySet()) {
      Golden.check(MANUAL.resolve(page.getKey()), page.getValue());
    }
    assertThat(pages.values())
        .allSatisfy(
            text ->
                assertThat(Pattern.compile("Xr (\\S+) (\\d)").matcher(text).results())
                    .allSatisfy(
                        to ->
                            assertThat(pages)
                                .containsKey(
                                    "man%2$s/%1$s.%2$s".formatted(to.group(1), to.group(2)))));
    assertThat(files())
        .as("no page of a command that is gone")
        .isEqualTo(List.copyOf(pages.keySet()));
  }

  @Test
  @NeedsTool(value = "mandoc", from = "mandoc")
  void a_strict_reader_finds_nothing_to_complain_about() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-T", "lint"));
    files().forEach(file -> arguments.add(MANUAL.resolve(file).toString()));
    Outcome outcome =
        new ProcessRunner(
                List.of("/usr/bin/mandoc"), BuiltProgram.ENVIRONMENT, Duration.ofMinutes(1))
            .run(new Invocation(arguments, "", Map.of()));
    // It does not look in the directory of our own pages; the test above ensures that they exist.
    assertThat((outcome.output() + outcome.errors()).lines())
        .filteredOn(line -> !line.contains("referenced manual not found: Xr keg"))
        .isEmpty();
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(MANUAL)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> MANUAL.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
