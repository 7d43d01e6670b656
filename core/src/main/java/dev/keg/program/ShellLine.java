package dev.keg.program;

import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Runs an operator's command line with the shell. Its output goes to the operator and is never part
 * of a result.
 */
public record ShellLine(Programs programs, OutputStream output) {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /**
   * Returns its exit status.
   *
   * @param before a program with arguments that runs the shell
   */
  public int run(List<String> before, String line) throws IOException, InterruptedException {
    return run(before, line, "");
  }

  /** The same with a text on its standard input, which a command need not read. */
  public int run(List<String> before, String line, String input)
      throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(before.stream(), Stream.of("sh", "-c", "exec 2>&1\n" + line)).toList();
    try (Programs.Running running = programs.start(command)) {
      write(running, input);
      // Waiting for the end can be interrupted, reading cannot.
      Thread copying = Thread.ofVirtual().start(() -> copy(running.output()));
      int status = running.exitCode();
      // A background process of the command may keep its output open.
      copying.join(PATIENCE);
      return status;
    }
  }

  /**
   * Runs a command before or after an operation on a volume, whose name is in {@code KEG_VOLUME}
   * and the path of its data in {@code KEG_PATH}.
   *
   * @param which pre or post
   * @return why it failed; empty if it succeeded
   */
  public Optional<String> around(String which, String line, VolumeName volume, Path data) {
    try {
      int status = run(List.of("env", "KEG_VOLUME=" + volume, "KEG_PATH=" + data), line);
      return status == 0
          ? Optional.empty()
          : Optional.of("the %s-command ended with status %d: %s".formatted(which, status, line));
    } catch (IOException e) {
      return Optional.of("the %s-command: %s".formatted(which, e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.of("the %s-command was interrupted".formatted(which));
    }
  }

  private static void write(Programs.Running running, String text) {
    try (OutputStream input = running.input()) {
      input.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      return;
    }
  }

  private void copy(InputStream from) {
    try {
      from.transferTo(output);
      output.flush();
    } catch (IOException _) {
      // The command was ended, so nobody needs its output.
    }
  }
}
