package dev.keg.cli.usage;

import dev.keg.cli.usage.Metric.Label;
import dev.keg.lifecycle.Usage;
import dev.keg.usage.Room;
import dev.keg.usage.TreeUsage;
import dev.keg.volume.Size;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** The figures of {@code keg df} in the text format of Prometheus. */
final class UsageMetrics {
  private static final List<Metric<UsageRow>> METRICS =
      List.of(
          gauge(
              "data_bytes",
              "Length of all files of the volume.",
              row -> row.sum().size().map(UsageMetrics::bytes)),
          gauge(
              "allocated_bytes",
              "Space that the volume takes on the storage.",
              row -> row.sum().allocated().map(UsageMetrics::bytes)),
          gauge(
              "available_bytes",
              "Space that an ordinary user can still write to.",
              row -> room(row).map(room -> bytes(room.available()))),
          gauge(
              "used_ratio",
              "Part of the file system of the volume that is used.",
              row -> room(row).flatMap(room -> ratio(room.usedPercent()))),
          gauge(
              "inodes_used_ratio",
              "Part of the inodes of the file system that is used.",
              row -> room(row).flatMap(room -> ratio(room.usedFilesPercent()))),
          gauge(
              "files",
              "Number of files, without directories.",
              row -> row.sum().files().map(BigDecimal::valueOf)),
          gauge(
              "directories",
              "Number of directories.",
              row ->
                  row.usage()
                      .flatMap(usage -> usage.content().tree())
                      .map(TreeUsage::directories)
                      .map(BigDecimal::valueOf)),
          gauge(
              "holders",
              "Number of mounts and machines that have the volume.",
              row -> row.usage().flatMap(Usage::holders).map(BigDecimal::valueOf)),
          gauge(
              "last_used_timestamp_seconds",
              "When somebody last mounted, attached or released the volume.",
              row -> row.usage().flatMap(Usage::lastUsed).map(UsageMetrics::seconds)),
          gauge(
              "last_backup_timestamp_seconds",
              "When the newest backup of the volume began.",
              row -> row.lastBackup().map(UsageMetrics::seconds)));

  private UsageMetrics() {}

  private static Metric<UsageRow> gauge(
      String name, String help, Function<UsageRow, Optional<BigDecimal>> value) {
    return new Metric<>("keg_volume_" + name, Metric.Kind.GAUGE, help, value);
  }

  static String of(List<UsageRow> rows) {
    return Metric.text(METRICS, rows, UsageMetrics::labels);
  }

  private static List<Label> labels(UsageRow row) {
    return List.of(
        new Label("volume", row.sum().name()),
        new Label("driver", row.usage().map(usage -> usage.volume().driver()).orElse("")),
        new Label("type", row.usage().map(Usage::type).orElse("")));
  }

  private static Optional<Room> room(UsageRow row) {
    return row.usage().flatMap(usage -> usage.content().room());
  }

  private static Optional<BigDecimal> ratio(OptionalInt percent) {
    return percent.isPresent()
        ? Optional.of(BigDecimal.valueOf(percent.getAsInt(), 2))
        : Optional.empty();
  }

  private static BigDecimal bytes(Size size) {
    return BigDecimal.valueOf(size.bytes());
  }

  private static BigDecimal seconds(Instant time) {
    return BigDecimal.valueOf(time.getEpochSecond());
  }
}
