package dev.keg.cli.page;

import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Repository;
import dev.keg.cli.check.FindingRow;
import dev.keg.cli.json.Json;
import dev.keg.cli.output.BackupColumns;
import dev.keg.cli.output.HolderStatus;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.VolumeDocument;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.output.table.Timestamps;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.Version;
import dev.keg.cli.usage.UsageDocument;
import dev.keg.cli.usage.UsageReport;
import dev.keg.cli.usage.UsageRow;
import dev.keg.error.VolumeException;
import dev.keg.health.Finding;
import dev.keg.health.Health;
import dev.keg.lifecycle.Inspection;
import dev.keg.lifecycle.Usage;
import dev.keg.lifecycle.Usages;
import dev.keg.volume.Volume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The content of a report, with the fields of {@code --json} of {@code inspect}, {@code df}, {@code
 * backups} and {@code check}. Anything unreadable is a problem of the report and hides nothing
 * else; secrets are masked, since a report is passed on.
 */
public final class ReportData {
  private static final Format LINES = new Format.Document();

  private final Session session;
  private final List<VolumeException> problems = new ArrayList<>();
  private final List<SortedMap<String, @Nullable Object>> volumes = new ArrayList<>();
  private @Nullable String address;
  private BackupCatalog catalog = new BackupCatalog(List.of(), List.of());
  private Map<BackupId, Duration> restored = Map.of();
  private List<Finding> findings = List.of();

  private ReportData(Session session) {
    this.session = session;
  }

  /**
   * Collects everything.
   *
   * @param repository the repository of the backups, if any
   */
  public static ReportData collect(Session session, Optional<String> repository) {
    ReportData data = new ReportData(session);
    // First, since it may ask for a pass phrase.
    repository.ifPresent(location -> data.orProblem(() -> data.readBackups(location)));
    Usages.Result measured =
        new UsageReport(session, LINES)
            .watching(seen -> session.usages().measure(List.of(), false, seen));
    data.problems.addAll(measured.problems());
    measured.usages().forEach(usage -> data.volumes.add(data.volume(usage)));
    data.orProblem(data::examine);
    return data;
  }

  private void orProblem(Runnable look) {
    try {
      look.run();
    } catch (VolumeException e) {
      problems.add(e);
    }
  }

  private void readBackups(String location) {
    try (Repository opened = session.repositories().open(location)) {
      catalog = opened.list();
      address = opened.address();
      problems.addAll(catalog.problems(opened.address()));
      restored = Check.restoreTimes(opened.store(), catalog.backups());
    }
  }

  private void examine() {
    findings =
        session
            .health()
            .examine(List.of(), new Health.ExtraChecks(Optional.empty(), Optional.empty()));
  }

  private SortedMap<String, @Nullable Object> volume(Usage usage) {
    Volume volume = usage.volume();
    SortedMap<String, @Nullable Object> fields = new TreeMap<>();
    orProblem(() -> fields.putAll(inspected(volume)));
    fields.putAll(
        UsageDocument.of(
            UsageRow.of(
                usage, catalog.newest(volume.name()).map(backup -> backup.record().started())),
            usage,
            session.zone(),
            true));
    fields.put("Options", session.drivers().masked(volume).map());
    return fields;
  }

  private SortedMap<String, @Nullable Object> inspected(Volume volume) {
    Inspection inspection = session.volumes().inspect(volume.name().text());
    SortedMap<String, @Nullable Object> fields =
        new VolumeDocument(inspection.overview(), inspection.mountpoint().toString(), null)
            .in(session.zone());
    fields.put("DriverStatus", HolderStatus.of(inspection));
    return fields;
  }

  /** Why the report is incomplete. */
  public List<VolumeException> problems() {
    return List.copyOf(problems);
  }

  /** The number of objects of each kind. */
  public Result summary() {
    return Result.silent()
        .with("Backups", catalog.backups().size())
        .with("Findings", findings.size())
        .with("Volumes", volumes.size());
  }

  /** The data for the page. */
  public Map<String, @Nullable Object> document() {
    SortedMap<String, @Nullable Object> fields = new TreeMap<>();
    fields.put(
        "Backups",
        array(BackupColumns.rows(session.zone(), restored).render(LINES, catalog.backups())));
    fields.put("Findings", array(FindingRow.ROWS.render(LINES, FindingRow.of(findings))));
    fields.put("Host", session.origin().host());
    fields.put("Problems", problems.stream().map(e -> String.valueOf(e.getMessage())).toList());
    fields.put("Repository", address);
    fields.put("Root", session.registry().layout().root().toString());
    fields.put("Time", Timestamps.seconds(session.clock().instant(), session.zone()));
    fields.put("Version", Version.read().number());
    fields.put("Volumes", volumes);
    return fields;
  }

  private static Json.Encoded array(String lines) {
    return new Json.Encoded(lines.lines().collect(Collectors.joining(",", "[", "]")));
  }
}
