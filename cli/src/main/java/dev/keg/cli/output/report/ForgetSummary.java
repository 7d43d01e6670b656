package dev.keg.cli.output.report;

import dev.keg.backup.repository.ForgetReport;

/** What came of forgetting, on one line. */
public final class ForgetSummary {
  private ForgetSummary() {}

  public static String of(String verb, ForgetReport report) {
    return "%s: %s; data deleted: %s, to be deleted after a day: %s"
        .formatted(
            verb,
            Counted.of(report.forgotten().size(), "backup"),
            report.deletedSize().human(),
            report.waitingSize().human());
  }
}
