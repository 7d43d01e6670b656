package dev.keg.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * The answer of a program.
 *
 * @param complaint empty if it succeeded
 */
public record ProgramOutput(String text, String complaint) {
  public static ProgramOutput of(Programs programs, List<String> command)
      throws IOException, InterruptedException {
    return of(programs, command, WatchedProgram.PATIENCE);
  }

  public static ProgramOutput of(Programs programs, List<String> command, Duration patience)
      throws IOException, InterruptedException {
    try (WatchedProgram running = new WatchedProgram(programs.start(command), patience)) {
      String text = new String(running.answer(command.getFirst()), StandardCharsets.UTF_8);
      int status = running.exitCode();
      String complaint = running.complaint().strip();
      String why = complaint.isEmpty() ? "status " + status : complaint;
      return new ProgramOutput(
          text, status == 0 ? "" : why); // some programs warn although they succeed
    }
  }
}
