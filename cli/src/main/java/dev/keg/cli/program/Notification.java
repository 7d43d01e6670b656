package dev.keg.cli.program;

import dev.keg.backup.store.Programs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Hands a text to a command of the operator, one line for the shell, on its standard input. */
public record Notification(Programs programs, OutputStream output) {
  /** Runs the command to its end; empty, or why it failed. */
  public Optional<String> send(String command, String text) {
    try (Programs.Running running = programs.start(List.of("sh", "-c", "exec 2>&1\n" + command))) {
      write(running, text);
      running.output().transferTo(output);
      int status = running.exitCode();
      return status == 0 ? Optional.empty() : Optional.of("it ended with status " + status);
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  /** A command that does not read it is none that failed. */
  private static void write(Programs.Running running, String text) {
    try (OutputStream input = running.input()) {
      input.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      return;
    }
  }
}
