package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No class and no package is too large to be read in one sitting. */
class SourceSizeTest {
  private static final int MOST_LINES = 350;
  private static final int MOST_LINES_OF_A_COMMAND = 99;
  private static final int MOST_FILES = 25;

  private static final Path COMMANDS = Path.of("dev/keg/cli/command");

  /** Packages with one file for each command, and for each power of a driver. */
  private static final List<Path> AS_LARGE_AS_NEEDED = List.of(COMMANDS, Path.of("dev/keg/driver"));

  private static final List<String> MODULES =
      List.of("core", "platform-linux", "platform-windows", "cli", "src-test-fixtures");

  static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    return sources;
  }

  private static Map<Path, Integer> lines() throws IOException {
    Map<Path, Integer> lines = new TreeMap<>();
    for (Path file : sources()) {
      lines.put(file, Files.readAllLines(file).size());
    }
    return lines;
  }

  private static boolean isIn(Path folder, Path file) {
    Path parent = file.getParent();
    return parent != null && parent.endsWith(folder);
  }

  @Test
  void a_class_fits_in_350_lines() throws IOException {
    Map<Path, Integer> lines = lines();
    assertThat(lines).hasSizeGreaterThan(500);
    lines.values().removeIf(count -> count <= MOST_LINES);
    assertThat(lines).isEmpty();
  }

  @Test
  void a_command_is_a_file_of_less_than_100_lines() throws IOException {
    Map<Path, Integer> lines = lines();
    lines.keySet().removeIf(file -> !isIn(COMMANDS, file));
    assertThat(lines).hasSizeGreaterThan(50);
    lines.values().removeIf(count -> count <= MOST_LINES_OF_A_COMMAND);
    assertThat(lines).isEmpty();
  }

  @Test
  void a_package_has_at_most_25_files() throws IOException {
    Map<Path, Integer> files = new TreeMap<>();
    sources().forEach(file -> files.merge(file.getParent(), 1, Integer::sum));
    files.keySet().removeIf(folder -> AS_LARGE_AS_NEEDED.stream().anyMatch(folder::endsWith));
    files.values().removeIf(count -> count <= MOST_FILES);
    assertThat(files).isEmpty();
  }
}
