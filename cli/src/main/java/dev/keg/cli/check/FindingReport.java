package dev.keg.cli.check;

import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.VolumeException;
import java.util.List;

/** Prints the findings of {@code keg check}, and determines its exit status. */
public final class FindingReport {
  /** The value of {@code --format} for Nagios and compatible programs. */
  public static final String NAGIOS = "nagios";

  private static final int CANNOT_LOOK = 2;

  private final Session session;
  private final Format format;
  private final boolean nagios;

  /** Uses these options, if they do not conflict. */
  public FindingReport(Session session, RowOptions rows, boolean repair) {
    this.nagios = rows.is(NAGIOS);
    WrongUse.throwIf(
        nagios && (repair || rows.quiet() || rows.json()),
        "conflicting options: --format nagios, and --repair, --quiet or --json");
    this.session = session;
    this.format = rows.format();
  }

  /**
   * Prints findings.
   *
   * @param failures what could not be examined
   */
  public int print(List<FindingRow> rows, List<VolumeException> failures) {
    if (nagios) {
      return print(NagiosText.of(rows, failures));
    }
    FindingRow.ROWS.print(session, format, rows);
    if (!failures.isEmpty()) {
      throw new PartialFailure(failures, CANNOT_LOOK);
    }
    return rows.stream().allMatch(row -> row.state() == FindingRow.State.REPAIRED) ? 0 : 1;
  }

  /** Reports that nothing could be examined. */
  public int fail(VolumeException failure) {
    if (nagios) {
      return print(NagiosText.of(List.of(), List.of(failure)));
    }
    throw new PartialFailure(List.of(failure), CANNOT_LOOK);
  }

  private int print(NagiosText text) {
    session.streams().out().print(text.text());
    return text.status();
  }
}
