package dev.keg.cli.program;

import dev.keg.program.Programs;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Starts programs from the PATH: a list of arguments, never a shell. */
public final class LocalTools implements Programs {
  private static final int LONGEST_LINE = 160;
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Map<String, String> PACKAGES =
      Map.of("ssh", "openssh-client", "setsid", "util-linux");

  private final Map<String, String> variables;
  private final Consumer<String> debug;

  public LocalTools(Map<String, String> variables, Consumer<String> debug) {
    this.variables = Map.copyOf(variables);
    this.debug = debug;
  }

  @Override
  public Running start(List<String> command) throws IOException {
    if (command.isEmpty()) {
      throw new IOException("no program is named");
    }
    requireProgram(command.getFirst());
    String line = String.join(" ", command);
    debug.accept(line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line);
    return new LocalProcess(new ProcessBuilder(command).start(), GRACE);
  }

  // For a missing program, the JDK says "error=2, No such file or directory" without naming it.
  private void requireProgram(String program) throws IOException {
    if (program.contains("/") || program.contains("\\")) {
      return;
    }
    String separator = System.getProperty("path.separator", ":");
    boolean found =
        Arrays.stream(variables.getOrDefault("PATH", "").split(separator, -1))
            .filter(directory -> !directory.isEmpty())
            .map(Path::of)
            .anyMatch(
                directory ->
                    Files.isExecutable(directory.resolve(program))
                        || Files.isExecutable(directory.resolve(program + ".exe")));
    if (!found) {
      String from = PACKAGES.get(program);
      throw new FileNotFoundException(
          program + " is missing" + (from == null ? "" : " (Debian package: " + from + ")"));
    }
  }
}
