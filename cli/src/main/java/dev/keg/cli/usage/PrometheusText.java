package dev.keg.cli.usage;

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

/**
 * What {@code keg df} measures in the text format of Prometheus. What is not known has no line.
 *
 * <pre>
 * # HELP keg_volume_data_bytes Length of all files of the volume.
 * # TYPE keg_volume_data_bytes gauge
 * keg_volume_data_bytes{volume="db",driver="local",type="directory"} 4096
 * </pre>
 */
final class PrometheusText {
  private record Metric(String name, String help, Function<UsageRow, Optional<BigDecimal>> value) {}

  private static final List<Metric> METRICS =
      List.of(
          new Metric(
              "data_bytes",
              "Length of all files of the volume.",
              row -> row.sum().size().map(PrometheusText::bytes)),
          new Metric(
              "allocated_bytes",
              "What the volume takes on the storage.",
              row -> row.sum().allocated().map(PrometheusText::bytes)),
          new Metric(
              "available_bytes",
              "How much an ordinary user can still write.",
              row -> room(row).map(room -> bytes(room.available()))),
          new Metric(
              "used_ratio",
              "How full the file system of the volume is.",
              row -> room(row).flatMap(room -> ratio(room.usedPercent()))),
          new Metric(
              "inodes_used_ratio",
              "Which part of the inodes of the file system is used.",
              row -> room(row).flatMap(room -> ratio(room.usedFilesPercent()))),
          new Metric(
              "files",
              "Number of files, without directories.",
              row -> row.sum().files().map(BigDecimal::valueOf)),
          new Metric(
              "directories",
              "Number of directories.",
              row ->
                  row.usage()
                      .flatMap(usage -> usage.content().tree())
                      .map(TreeUsage::directories)
                      .map(BigDecimal::valueOf)),
          new Metric(
              "holders",
              "Number of mounts and machines that have the volume.",
              row -> row.usage().flatMap(Usage::holders).map(BigDecimal::valueOf)),
          new Metric(
              "last_used_timestamp_seconds",
              "When somebody last mounted, attached or released the volume.",
              row -> row.usage().flatMap(Usage::lastUsed).map(PrometheusText::seconds)),
          new Metric(
              "last_backup_timestamp_seconds",
              "When the newest backup of the volume began.",
              row -> row.lastBackup().map(PrometheusText::seconds)));

  private PrometheusText() {}

  static String of(List<UsageRow> rows) {
    StringBuilder text = new StringBuilder();
    for (Metric metric : METRICS) {
      String name = "keg_volume_" + metric.name();
      StringBuilder lines = new StringBuilder();
      for (UsageRow row : rows) {
        metric
            .value()
            .apply(row)
            .ifPresent(
                value -> lines.append("%s{%s} %s\n".formatted(name, labels(row), plain(value))));
      }
      if (!lines.isEmpty()) {
        text.append("# HELP ").append(name).append(' ').append(metric.help()).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n").append(lines);
      }
    }
    return text.toString();
  }

  private static String labels(UsageRow row) {
    String driver = row.usage().map(usage -> usage.volume().driver()).orElse("");
    String type = row.usage().map(Usage::type).orElse("");
    return "volume=\"%s\",driver=\"%s\",type=\"%s\""
        .formatted(escaped(row.sum().name()), escaped(driver), escaped(type));
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
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

  private static String plain(BigDecimal value) {
    return value.toPlainString();
  }
}
