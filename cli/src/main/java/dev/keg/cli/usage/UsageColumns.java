package dev.keg.cli.usage;

import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.output.table.Timestamps;
import dev.keg.lifecycle.Usage;
import dev.keg.lifecycle.UsageSum;
import dev.keg.usage.Room;
import dev.keg.volume.Size;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The columns of {@code keg df}. An unknown value is {@code N/A}; the space of file systems is not
 * summed.
 */
public final class UsageColumns {
  private static final String UNKNOWN = "N/A";
  private static final String NONE = "<none>";

  private UsageColumns() {}

  /**
   * For volumes.
   *
   * @param withBackup whether backups were looked up
   * @param withTime whether figures are from an earlier time
   */
  public static Rows<UsageRow> rows(ZoneId zone, boolean withBackup, boolean withTime) {
    Columns<UsageRow> columns =
        Columns.<UsageRow>of("usage")
            .with("Name", "VOLUME", row -> row.sum().name())
            .with("Driver", "DRIVER", row -> of(row, usage -> usage.volume().driver()))
            .with("Pool", "POOL", row -> of(row, Usage::pool))
            .with("Type", "TYPE", row -> of(row, Usage::type))
            .with("Size", "SIZE", row -> size(row.sum().size()))
            .with("Allocated", "ALLOCATED", row -> size(row.sum().allocated()))
            .with("UsedPercent", "USED", row -> percent(row, Room::usedPercent))
            .with("Available", "AVAILABLE", row -> room(row, r -> size(Optional.of(r.available()))))
            .with("Files", "FILES", row -> number(row.sum().files()))
            .with("InodesUsedPercent", "INODES", row -> percent(row, Room::usedFilesPercent))
            .with("HolderCount", "HOLDERS", UsageColumns::holders)
            .with(
                "SnapshotCount",
                "SNAPSHOTS",
                row -> of(row, usage -> String.valueOf(usage.snapshots())))
            .with(
                "LastUsedAt",
                "LAST USED",
                row -> of(row, usage -> time(usage.lastUsed(), zone, "never")))
            .with(
                "MeasuredAt",
                "MEASURED",
                row -> of(row, usage -> time(usage.content().measured(), zone, UNKNOWN)));
    List<String> table =
        new ArrayList<>(
            List.of(
                "Name",
                "Size",
                "Allocated",
                "UsedPercent",
                "Available",
                "Files",
                "InodesUsedPercent",
                "HolderCount",
                "LastUsedAt"));
    if (withTime) {
      table.add("MeasuredAt");
    }
    if (withBackup) {
      columns =
          columns.with(
              "LastBackupAt",
              "LAST BACKUP",
              row -> of(row, _ -> time(row.lastBackup(), zone, "never")));
      table.add("LastBackupAt");
    }
    return new Rows<>(columns, table, List.of("Name", "Size", "Allocated"));
  }

  /**
   * For totals by driver, type, label or pool.
   *
   * @param withRoom whether there is a figure for the free space
   */
  public static Rows<UsageSum> sums(boolean withRoom) {
    List<String> table =
        new ArrayList<>(List.of("Name", "Volumes", "Size", "Allocated", "Files", "HolderCount"));
    if (withRoom) {
      table.add("Available");
    }
    return new Rows<>(
        Columns.<UsageSum>of("usage")
            .with("Name", "GROUP", sum -> sum.name().isEmpty() ? NONE : sum.name())
            .with("Volumes", "VOLUMES", sum -> String.valueOf(sum.volumes()))
            .with("Size", "SIZE", sum -> size(sum.size()))
            .with("Allocated", "ALLOCATED", sum -> size(sum.allocated()))
            .with("Files", "FILES", sum -> number(sum.files()))
            .with("HolderCount", "HOLDERS", sum -> String.valueOf(sum.holders()))
            .with("Available", "AVAILABLE", sum -> size(sum.available())),
        table,
        List.of("Name", "Size", "Allocated"));
  }

  private static String holders(UsageRow row) {
    return row.usage().isPresent()
        ? row.usage().get().holders().map(String::valueOf).orElse(UNKNOWN)
        : String.valueOf(row.sum().holders());
  }

  private static String of(UsageRow row, Function<Usage, String> text) {
    return row.usage().map(text).orElse("");
  }

  private static String room(UsageRow row, Function<Room, String> text) {
    return of(row, usage -> usage.content().room().map(text).orElse(UNKNOWN));
  }

  private static String percent(UsageRow row, Function<Room, OptionalInt> percent) {
    return room(
        row,
        room -> {
          OptionalInt known = percent.apply(room);
          return known.isPresent() ? known.getAsInt() + "%" : UNKNOWN;
        });
  }

  private static String size(Optional<Size> size) {
    return size.map(Size::human).orElse(UNKNOWN);
  }

  private static String number(Optional<Long> number) {
    return number.map(String::valueOf).orElse(UNKNOWN);
  }

  private static String time(Optional<Instant> time, ZoneId zone, String never) {
    return time.map(at -> Timestamps.seconds(at, zone)).orElse(never);
  }
}
