package dev.keg.health;

import dev.keg.backup.writer.StopNote;
import dev.keg.backup.writer.StopNotes;
import dev.keg.error.VolumeException;
import java.util.ArrayList;
import java.util.List;

/** Whether everything runs again that backups have stopped. */
record StopCheck(StopNotes notes) {
  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    try {
      for (StopNote note : notes.left()) {
        List<String> names = notes.stopped(note);
        if (!names.isEmpty()) {
          findings.add(stopped(note, names));
        }
      }
    } catch (VolumeException e) {
      findings.add(unknown(e));
    }
    return findings;
  }

  private Finding stopped(StopNote note, List<String> names) {
    return new Finding(
            note.volume().text(),
            "a backup of %s stopped %s, and was broken off"
                .formatted(note.time(), String.join(" ", names)),
            "what uses the volume does not run",
            note.line(names))
        .critical()
        .repairedBy(() -> notes.start(note));
  }

  private static Finding unknown(VolumeException problem) {
    return new Finding(
        "--stop-with",
        String.valueOf(problem.getMessage()),
        "what a backup stopped may not run",
        problem.hint().orElse("look whether it runs"));
  }
}
