package dev.keg.cli.output.report;

import dev.keg.backup.repack.RepackReport;
import dev.keg.backup.repository.ForgetReport;

/** What came of forgetting, or of repacking, on one line. */
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

  public static String of(String verb, RepackReport report) {
    return "%s: %s, %s copied; data deleted: %s, to be deleted after a day: %s; unused: %s"
        .formatted(
            verb,
            Counted.of(report.objects(), "object"),
            report.copied().human(),
            report.deleted().human(),
            report.waiting().human(),
            report.unused().human());
  }
}
