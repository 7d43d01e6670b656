package dev.keg.cli.output.report;

import dev.keg.backup.repack.RepackReport;
import dev.keg.backup.repository.ForgetReport;
import dev.keg.cli.output.Result;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A one-line summary of forgetting, or of repacking. */
public final class ForgetSummary {
  private ForgetSummary() {}

  public static Result of(String verb, ForgetReport report) {
    String line =
        "%s: %s; data deleted: %s, to be deleted after a day: %s%s"
            .formatted(
                verb,
                Counted.of(report.forgotten().size(), "backup"),
                report.deletedSize().human(),
                report.waitingSize().human(),
                report.keptUntil().map(until -> "; " + kept(report, until)).orElse(""));
    Result result =
        Result.of(line)
            .with("Forgotten", report.forgotten().size())
            .with("Deleted", report.deletedSize().bytes())
            .with("Waiting", report.waitingSize().bytes());
    return report
        .keptUntil()
        .map(until -> result.with("Kept", report.kept().size()).with("KeptUntil", seconds(until)))
        .orElse(result);
  }

  private static String kept(ForgetReport report, Instant until) {
    return "kept by the store's lock: %s and %s, the last until %s"
        .formatted(
            Counted.of(report.keptBackups(), "backup"),
            Counted.of(report.kept().size() - report.keptBackups(), "other object"),
            seconds(until));
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
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
