package dev.keg.cli.output.report;

import dev.keg.backup.repack.RepackReport;
import dev.keg.backup.repository.ForgetReport;
import dev.keg.cli.output.Result;

/** What came of forgetting, or of repacking, on one line. */
public final class ForgetSummary {
  private ForgetSummary() {}

  public static Result of(String verb, ForgetReport report) {
    String line =
        "%s: %s; data deleted: %s, to be deleted after a day: %s"
            .formatted(
                verb,
                Counted.of(report.forgotten().size(), "backup"),
                report.deletedSize().human(),
                report.waitingSize().human());
    return Result.of(line)
        .with("Forgotten", report.forgotten().size())
        .with("Deleted", report.deletedSize().bytes())
        .with("Waiting", report.waitingSize().bytes());
  }

  public static Result of(String verb, RepackReport report) {
    String line =
        "%s: %s, %s copied; data deleted: %s, to be deleted after a day: %s; unused: %s"
            .formatted(
                verb,
                Counted.of(report.objects(), "object"),
                report.copied().human(),
                report.deleted().human(),
                report.waiting().human(),
                report.unused().human());
    return Result.of(line)
        .with("Repacked", report.objects())
        .with("Copied", report.copied().bytes())
        .with("Deleted", report.deleted().bytes())
        .with("Waiting", report.waiting().bytes())
        .with("Unused", report.unused().bytes());
  }
}
