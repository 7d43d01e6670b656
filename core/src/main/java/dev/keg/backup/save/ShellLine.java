package dev.keg.backup.save;

import dev.keg.backup.store.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a line of the operator's with the shell. What it prints goes to the operator and is never
 * part of a result.
 */
public record ShellLine(Programs programs, OutputStream output) {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /**
   * Returns its exit status.
   *
   * @param before the program that runs the shell, with its arguments
   */
  public int run(List<String> before, String line) throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(before.stream(), Stream.of("sh", "-c", "exec 2>&1\n" + line)).toList();
    try (Programs.Running running = programs.start(command)) {
      running.input().close();
      // Waiting for the end can be interrupted, reading cannot.
      Thread copying = Thread.ofVirtual().start(() -> copy(running.output()));
      int status = running.exitCode();
      // What the command left running in the background may keep its output open.
      copying.join(PATIENCE);
      return status;
    }
  }

  private void copy(InputStream from) {
    try {
      from.transferTo(output);
      output.flush();
    } catch (IOException _) {
      // The command was ended, and nobody reads what it says.
    }
  }
}
