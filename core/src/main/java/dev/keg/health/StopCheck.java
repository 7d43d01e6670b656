package dev.keg.health;

import dev.keg.backup.writer.StopNote;
import dev.keg.backup.writer.StopNotes;
import dev.keg.error.VolumeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks that everything that backups have stopped runs again. */
record StopCheck(StopNotes notes) {
  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    notes
        .forEachLeft(note -> look(note).ifPresent(findings::add))
        .forEach(problem -> findings.add(unknown(problem)));
    return findings;
  }

  private Optional<Finding> look(StopNote note) {
    List<String> names = notes.stopped(note);
    return names.isEmpty() ? Optional.empty() : Optional.of(stopped(note, names));
  }

  private Finding stopped(StopNote note, List<String> names) {
    return new Finding(
            note.volume().text(),
            "a backup of %s stopped %s and was interrupted"
                .formatted(note.time(), String.join(" ", names)),
            "the programs that use the volume are not running",
            note.line(names))
        .critical()
        .repairedBy(() -> notes.start(note));
  }

  private static Finding unknown(VolumeException problem) {
    return new Finding(
        "--stop-with",
        String.valueOf(problem.getMessage()),
        "the programs that a backup stopped may not be running",
        problem.hint().orElse("check that it is running"));
  }
}
