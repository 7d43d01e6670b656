package dev.keg.cli.output;

import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.CheckState;
import dev.keg.cli.colour.Tone;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import java.util.TreeMap;

/** The columns of {@code keg backups}. */
public final class BackupColumns {
  private BackupColumns() {}

  /**
   * The rows of backups.
   *
   * @param restored how long the drills of backups took to restore them
   */
  public static Rows<Backup> rows(ZoneId zone, Map<BackupId, Duration> restored) {
    return new Rows<>(
        Columns.<Backup>of("backup")
            .with("ID", "BACKUP ID", backup -> backup.id().text())
            .with("Volume", "VOLUME", backup -> backup.record().volume().name().text())
            .with("Host", "HOST", backup -> backup.record().origin().host())
            .with("Time", "TIME", backup -> time(backup.record().started(), zone))
            .with("Kind", "KIND", backup -> backup.record().parent() == null ? "full" : "partial")
            .with(
                "Files",
                "FILES",
                backup -> String.valueOf(backup.record().counts().files()),
                backup -> backup.record().counts().files())
            .with(
                "Size",
                "SIZE",
                backup -> backup.record().counts().size().human(),
                backup -> backup.record().counts().size().bytes())
            .with(
                "Stored",
                "STORED",
                backup -> backup.record().counts().stored().human(),
                backup -> backup.record().counts().stored().bytes())
            .with(
                "Changed",
                "CHANGED",
                backup -> String.valueOf(backup.record().counts().changed()),
                backup -> backup.record().counts().changed())
            .with(
                "Tags",
                "TAGS",
                backup -> String.join(",", backup.record().tags()),
                backup -> List.copyOf(backup.record().tags()))
            .with(
                "Verified",
                "VERIFIED",
                backup -> verified(backup.checks(), zone, seconds(backup, restored)),
                backup -> check(backup.checks(), zone, seconds(backup, restored)))
            .coloured(
                "Verified", backup -> Optional.of(Tone.BAD).filter(_ -> backup.checks().damaged()))
            .with("Driver", "DRIVER", backup -> backup.record().volume().driver())
            .with(
                "Labels",
                "LABELS",
                backup -> words(labels(backup.record())),
                backup -> labels(backup.record())),
        List.of(
            "ID", "Volume", "Host", "Time", "Kind", "Files", "Size", "Stored", "Verified", "Tags"),
        List.of("ID", "Volume", "Time"));
  }

  static String time(Instant instant, ZoneId zone) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
        instant.truncatedTo(ChronoUnit.SECONDS).atZone(zone));
  }

  /** The most thorough check, unless there is damage that no later one refutes. */
  private static String verified(CheckState checks, ZoneId zone, OptionalDouble seconds) {
    if (checks.damaged()) {
      return "DAMAGED";
    }
    String took = seconds.isPresent() ? ", %.1fs".formatted(seconds.getAsDouble()) : "";
    return checks
        .best()
        .map(mark -> mark.level() + " " + time(mark.time(), zone) + took)
        .orElse("never");
  }

  private static OptionalDouble seconds(Backup backup, Map<BackupId, Duration> restored) {
    Duration took = restored.get(backup.id());
    return took == null ? OptionalDouble.empty() : OptionalDouble.of(took.toMillis() / 1000.0);
  }

  private static Map<String, Object> check(CheckState checks, ZoneId zone, OptionalDouble seconds) {
    Map<String, Object> fields = new TreeMap<>();
    fields.put("Damaged", checks.damaged());
    checks
        .best()
        .ifPresent(
            mark -> {
              fields.put("Level", mark.level().toString());
              fields.put("Time", time(mark.time(), zone));
            });
    seconds.ifPresent(took -> fields.put("Seconds", took));
    return fields;
  }

  /** The labels of the volume, without those in which a backup stores its details. */
  private static Map<String, String> labels(BackupRecord record) {
    return record.volume().fromBackup().labels().map();
  }

  private static String words(Map<String, String> labels) {
    StringJoiner words = new StringJoiner(",");
    labels.forEach((key, value) -> words.add(key + "=" + value));
    return words.toString();
  }
}
