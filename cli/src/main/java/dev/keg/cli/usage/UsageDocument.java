package dev.keg.cli.usage;

import dev.keg.cli.output.table.Timestamps;
import dev.keg.lifecycle.Usage;
import dev.keg.lifecycle.UsageSum;
import dev.keg.usage.Room;
import dev.keg.usage.TreeUsage;
import dev.keg.volume.Size;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The output of {@code keg df --json}: sizes in bytes, null if unknown. */
public final class UsageDocument {
  private UsageDocument() {}

  /**
   * For a volume.
   *
   * @param withBackup whether backups were looked up; if not, the field is left out
   */
  public static SortedMap<String, @Nullable Object> of(
      UsageRow row, Usage usage, ZoneId zone, boolean withBackup) {
    Optional<Room> room = usage.content().room();
    SortedMap<String, @Nullable Object> fields = figures(row.sum());
    fields.put("AvailableBytes", room.map(Room::available).map(Size::bytes).orElse(null));
    fields.put("Directories", usage.content().tree().map(TreeUsage::directories).orElse(null));
    fields.put("Driver", usage.volume().driver());
    fields.put("HolderCount", usage.holders().orElse(null));
    fields.put("InodesUsedPercent", room.map(r -> number(r.usedFilesPercent())).orElse(null));
    fields.put("Labels", usage.volume().labels().map());
    fields.put("LastUsedAt", time(usage.lastUsed(), zone));
    fields.put("MeasuredAt", time(usage.content().measured(), zone));
    fields.put("Pool", usage.pool());
    fields.put("SizeBytes", usage.capacity().map(Size::bytes).orElse(null));
    fields.put("SnapshotCount", usage.snapshots());
    fields.put("Type", usage.type());
    fields.put("UsedPercent", room.map(r -> number(r.usedPercent())).orElse(null));
    if (withBackup) {
      fields.put("LastBackupAt", time(row.lastBackup(), zone));
    }
    return fields;
  }

  /** For several volumes. */
  public static SortedMap<String, @Nullable Object> of(UsageSum sum) {
    SortedMap<String, @Nullable Object> fields = figures(sum);
    fields.put("AvailableBytes", sum.available().map(Size::bytes).orElse(null));
    fields.put("HolderCount", sum.holders());
    fields.put("Volumes", sum.volumes());
    return fields;
  }

  private static SortedMap<String, @Nullable Object> figures(UsageSum sum) {
    SortedMap<String, @Nullable Object> fields = new TreeMap<>();
    fields.put("AllocatedBytes", sum.allocated().map(Size::bytes).orElse(null));
    fields.put("Files", sum.files().orElse(null));
    fields.put("Name", sum.name());
    fields.put("UsedBytes", sum.size().map(Size::bytes).orElse(null));
    return fields;
  }

  private static @Nullable Integer number(OptionalInt percent) {
    return percent.isPresent() ? percent.getAsInt() : null;
  }

  private static @Nullable String time(Optional<Instant> time, ZoneId zone) {
    return time.map(at -> Timestamps.seconds(at, zone)).orElse(null);
  }
}
