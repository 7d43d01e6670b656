package dev.keg.cli.output.report;

import dev.keg.backup.drill.Drilling.Proof;
import dev.keg.backup.replica.BackupRun;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.ForgetReport;
import dev.keg.backup.save.Saved;
import dev.keg.cli.json.Json;
import dev.keg.error.VolumeException;
import dev.keg.policy.Maintenance;
import dev.keg.policy.Task;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reports the actions of maintenance as they happen, and remembers them for the summary. */
public final class MaintenanceReport implements Maintenance.Listener {
  private final PrintStream out;
  private final boolean json;
  private final BackupRun.Listener backups;
  private final List<Map<String, Object>> saved = new ArrayList<>();
  private final List<Map<String, Object>> verified = new ArrayList<>();
  private final List<Map<String, Object>> drilled = new ArrayList<>();
  private final List<Map<String, Object>> moved = new ArrayList<>();
  private long forgotten;
  private long snapshots;
  private long snapshotsRemoved;

  /**
   * @param json whether to print only the summary
   * @param backups reports backups
   */
  public MaintenanceReport(PrintStream out, boolean json, BackupRun.Listener backups) {
    this.out = out;
    this.json = json;
    this.backups = backups;
  }

  @Override
  public void saved(Saved backup) {
    if (!json) {
      backups.saved(backup);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Volume", backup.volume().text());
    fields.put("ID", backup.backup().map(BackupId::text).orElse(""));
    fields.put("Places", backup.places());
    fields.put("Size", backup.totals().bytes());
    fields.put("Stored", backup.stored().bytes());
    saved.add(fields);
  }

  @Override
  public void forgot(String repository, ForgetReport report) {
    backups.forgot(repository, report);
    forgotten += report.forgotten().size();
  }

  @Override
  public void verified(Task.Verify task, Check check) {
    String id = task.backup().id().text();
    if (check.good() && !json) {
      out.println("%s %s: good (%s)".formatted(task.volume(), id, check.level()));
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Volume", task.volume().text());
    fields.put("ID", id);
    fields.put("Repository", task.location());
    fields.put("Good", check.good());
    fields.put("Findings", check.findings());
    verified.add(fields);
  }

  @Override
  public void drilled(Task.Drill task, Proof proof) {
    String id = task.backup().id().text();
    double seconds = proof.took().toMillis() / 1000.0;
    if (!json) {
      out.println("%s %s: restored in %.1fs".formatted(task.volume(), id, seconds));
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Volume", task.volume().text());
    fields.put("ID", id);
    fields.put("Repository", task.location());
    fields.put("Seconds", seconds);
    drilled.add(fields);
  }

  @Override
  public void kept(Task task) {
    switch (task) {
      case Task.MakeSnapshot _ -> snapshots++;
      case Task.RemoveSnapshot _ -> snapshotsRemoved++;
      case Task.Save _, Task.Verify _, Task.Drill _, Task.Move _ ->
          throw new IllegalArgumentException("no snapshot: " + task);
    }
  }

  @Override
  public void moved(Task.Move task) {
    if (!json) {
      out.println("%s: moved to pool %s".formatted(task.volume(), task.pool()));
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Volume", task.volume().text());
    fields.put("Pool", task.pool().text());
    moved.add(fields);
  }

  /** One line, for the reader of a log. */
  public String line(Maintenance.Result result) {
    String kept =
        snapshots + snapshotsRemoved == 0
            ? ""
            : "Snapshots made: %d, removed: %d. ".formatted(snapshots, snapshotsRemoved);
    String places = moved.isEmpty() ? "" : "Moved: %d. ".formatted(moved.size());
    return kept
        + places
        + "Backed up: %d, verified: %d, drilled: %d, forgotten: %d, failed: %d"
            .formatted(
                saved.size(), verified.size(), drilled.size(), forgotten, result.problems().size());
  }

  /** One object, for a program. */
  public String json(String host, Instant started, Instant finished, Maintenance.Result result) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Host", host);
    fields.put("Started", started.toString());
    fields.put("Finished", finished.toString());
    fields.put("Status", status(result));
    fields.put("Saved", saved);
    fields.put("Verified", verified);
    fields.put("Drilled", drilled);
    fields.put("Forgotten", forgotten);
    fields.put("Snapshots", snapshots);
    fields.put("SnapshotsRemoved", snapshotsRemoved);
    fields.put("Moved", moved);
    fields.put("Incomplete", result.incomplete());
    fields.put("Problems", result.problems().stream().map(VolumeException::getMessage).toList());
    return Json.compact(fields);
  }

  private static String status(Maintenance.Result result) {
    return !result.problems().isEmpty() ? "failed" : result.incomplete() > 0 ? "incomplete" : "ok";
  }
}
