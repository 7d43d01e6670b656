package dev.keg.cli.usage;

import dev.keg.backup.repository.BackupCatalog;
import dev.keg.cli.json.Json;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.session.Session;
import dev.keg.lifecycle.Usage;
import dev.keg.lifecycle.UsageSum;
import dev.keg.usage.TreeScan;
import dev.keg.volume.Size;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Prints the figures of {@code keg df}, and shows progress meanwhile. */
public final class UsageReport {
  private final Session session;
  private final PrintStream out;
  private final Format format;
  private final Instant start;

  public UsageReport(Session session, Format format) {
    this.session = session;
    this.out = session.streams().out();
    this.format = format;
    this.start = session.clock().instant();
  }

  /** Does the work; a line on the terminal shows the progress. */
  public <T> T watching(Function<TreeScan.Listener, T> work) {
    Progress progress = Progress.of(session, "measure", () -> Size.ZERO);
    try {
      return work.apply((files, bytes) -> progress.advanced(files, bytes.bytes()));
    } finally {
      progress.end();
    }
  }

  /**
   * Prints volumes, and their total below the table.
   *
   * @param backups the backups of a repository, if there is one
   */
  public void print(List<Usage> usages, Optional<BackupCatalog> backups) {
    List<UsageRow> rows = new ArrayList<>();
    usages.forEach(usage -> rows.add(row(usage, backups)));
    if (format instanceof Format.Document) {
      for (int i = 0; i < rows.size(); i++) {
        out.println(
            Json.compact(
                UsageDocument.of(rows.get(i), usages.get(i), session.zone(), backups.isPresent())));
      }
      return;
    }
    if (format instanceof Format.Table && rows.size() > 1) {
      rows.add(UsageRow.total(usages));
    }
    rows(session, backups.isPresent(), usages.stream().anyMatch(this::isKept))
        .print(out, format, rows);
  }

  /** The usage of volumes, with all columns. */
  public static Rows<UsageRow> rows(Session session) {
    return rows(session, true, true);
  }

  private static Rows<UsageRow> rows(Session session, boolean withBackup, boolean withTime) {
    return UsageColumns.rows(session.zone(), withBackup, withTime);
  }

  private boolean isKept(Usage usage) {
    return usage.content().measured().filter(at -> at.isBefore(start)).isPresent();
  }

  /** Volumes for Prometheus. */
  public String metrics(List<Usage> usages, Optional<BackupCatalog> backups) {
    return UsageMetrics.of(usages.stream().map(usage -> row(usage, backups)).toList());
  }

  private static UsageRow row(Usage usage, Optional<BackupCatalog> backups) {
    return UsageRow.of(
        usage,
        backups
            .flatMap(catalog -> catalog.newest(usage.volume().name()))
            .map(backup -> backup.record().started()));
  }

  /** Prints totals. */
  public void print(List<UsageSum> sums, boolean withRoom) {
    if (format instanceof Format.Document) {
      sums.forEach(sum -> out.println(Json.compact(UsageDocument.of(sum))));
    } else {
      UsageColumns.sums(withRoom).print(out, format, sums);
    }
  }
}
