package dev.keg.cli.output;

import dev.keg.backup.replica.Rotation.Decision;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import java.time.ZoneId;
import java.util.List;

/** The columns of {@code keg forget}. */
public final class DecisionColumns {
  private DecisionColumns() {}

  /** For decisions that were carried out, or for a preview. */
  public static Rows<Decision> rows(ZoneId zone, boolean preview) {
    return new Rows<>(
        Columns.<Decision>of("decision")
            .with("ID", "BACKUP ID", row -> row.backup().id().text())
            .with("Volume", "VOLUME", row -> row.backup().record().volume().name().text())
            .with("Host", "HOST", row -> row.backup().record().origin().host())
            .with("Time", "TIME", row -> BackupColumns.time(row.backup().record().started(), zone))
            .with("Action", "ACTION", row -> action(row, preview))
            .with(
                "Reasons",
                "REASONS",
                row -> String.join(", ", row.verdict().reasons()),
                row -> List.copyOf(row.verdict().reasons())),
        List.of("ID", "Volume", "Time", "Action", "Reasons"),
        List.of("ID", "Action"));
  }

  private static String action(Decision row, boolean preview) {
    if (row.verdict().kept()) {
      return "keep";
    }
    return preview ? "would forget" : "forgot";
  }
}
