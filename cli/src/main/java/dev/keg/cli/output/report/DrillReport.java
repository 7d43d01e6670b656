package dev.keg.cli.output.report;

import dev.keg.backup.drill.Drilling;
import dev.keg.backup.drill.Drilling.Proof;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord.Counts;
import dev.keg.cli.json.Json;
import dev.keg.cli.session.Session;
import dev.keg.volume.VolumeName;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints the results of drills: a line or an object for each. */
public record DrillReport(Session session, boolean json) {
  /**
   * Drills a backup, and prints its success; returns false if some files were not restored exactly.
   */
  public boolean of(Drilling drilling, Backup backup) {
    VolumeName volume = backup.record().volume().name();
    Counts counts = backup.record().counts();
    RestoreReport progress =
        new RestoreReport(
            session.streams().err(), volume, Progress.of(session, "drill " + volume, counts::size));
    Proof proof;
    try {
      proof = drilling.drill(backup, progress);
    } finally {
      var _ = progress.summary();
    }
    session.streams().out().println(json ? json(proof) : line(proof, drilling));
    return progress.isWhole();
  }

  private static String line(Proof proof, Drilling drilling) {
    Counts counts = proof.backup().record().counts();
    return "%s %s: restored in %.1fs, %s%s%s"
            .formatted(
                proof.backup().record().volume().name(),
                proof.backup().id(),
                seconds(proof),
                Counted.of(counts.files(), "file") + " of " + counts.size().human(),
                " compared",
                drilling.program().isPresent() ? ", command succeeded" : "")
        + proof.volume().map(name -> ", kept as " + name).orElse("")
        + (proof.loss().isEmpty()
            ? ""
            : "; not everything could be restored, so this proves nothing");
  }

  private static double seconds(Proof proof) {
    return proof.took().toMillis() / 1000.0;
  }

  private static String json(Proof proof) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Volume", proof.backup().record().volume().name().text());
    fields.put("ID", proof.backup().id().text());
    fields.put("Seconds", seconds(proof));
    fields.put("Kept", proof.volume().map(VolumeName::text).orElse(""));
    return Json.compact(fields);
  }
}
