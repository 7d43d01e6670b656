package dev.keg.cli.check;

import dev.keg.cli.colour.Tone;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.health.Finding;
import dev.keg.health.Health;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A finding of {@code keg check}, and its state. */
public record FindingRow(Finding finding, State state) {
  /** What happened to it. */
  public enum State {
    OPEN,
    REPAIRABLE,
    REPAIRED
  }

  /** The columns of findings. */
  public static final Rows<FindingRow> ROWS =
      new Rows<>(
          Columns.<FindingRow>of("finding")
              .with("Subject", "SUBJECT", row -> row.finding().subject())
              .with("Problem", "PROBLEM", row -> row.finding().problem())
              .with("Consequence", "CONSEQUENCE", row -> row.finding().consequence())
              .with("Remedy", "REMEDY", FindingRow::remedy)
              .with("Severity", "SEVERITY", row -> lower(row.finding().severity()))
              .with("State", "STATE", row -> lower(row.state()))
              .coloured("Problem", FindingRow::tone),
          List.of("Subject", "Problem", "Remedy"),
          List.of("Subject", "Problem"));

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private Optional<Tone> tone() {
    return state == State.REPAIRED
        ? Optional.empty()
        : Optional.of(
            switch (finding.severity()) {
              case CRITICAL -> Tone.BAD;
              case WARNING -> Tone.WARNING;
            });
  }

  private String remedy() {
    return switch (state) {
      case OPEN -> finding.remedy();
      case REPAIRABLE -> finding.remedy() + " (--repair)";
      case REPAIRED -> "repaired";
    };
  }

  public static List<FindingRow> of(List<Finding> findings) {
    return findings.stream().map(FindingRow::found).toList();
  }

  private static FindingRow found(Finding finding) {
    return new FindingRow(finding, finding.repair().isPresent() ? State.REPAIRABLE : State.OPEN);
  }

  /** The repaired findings, then the remaining ones. */
  public static List<FindingRow> of(Health.Repaired repaired) {
    return Stream.concat(
            repaired.mended().stream().map(finding -> new FindingRow(finding, State.REPAIRED)),
            repaired.left().stream().map(FindingRow::found))
        .toList();
  }
}
