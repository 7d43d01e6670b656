package dev.keg.backup.writer;

import dev.keg.backup.store.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a program answers.
 *
 * @param complaint empty if it succeeded
 */
record Answer(String text, String complaint) {
  static Answer of(Programs programs, List<String> command)
      throws IOException, InterruptedException {
    try (Programs.Running running = programs.start(command)) {
      running.input().close();
      String text = new String(running.output().readAllBytes(), StandardCharsets.UTF_8);
      int status = running.exitCode();
      String complaint = running.complaint().strip();
      String why = complaint.isEmpty() ? "status " + status : complaint;
      return new Answer(text, status == 0 ? "" : why); // Some warn although they succeed.
    }
  }
}
