package dev.keg.cli.output;

import java.util.List;
import java.util.StringJoiner;

/** Docker's columns of volumes. */
public final class VolumeColumns {
  private static final String UNKNOWN = "N/A";

  private static final Columns<VolumeRow> COLUMNS =
      Columns.<VolumeRow>of("*formatter.volumeContext")
          .with("Name", "VOLUME NAME", row -> row.volume().name().text())
          .with("Driver", "DRIVER", row -> row.volume().driver())
          .with("Scope", "SCOPE", VolumeRow::scope)
          .with("Mountpoint", "MOUNTPOINT", row -> row.mountpoint().get())
          .with("Labels", "LABELS", VolumeColumns::labels)
          .with("Links", "LINKS", VolumeColumns::links)
          .with("Size", "SIZE", VolumeColumns::size)
          .with("Group", "GROUP", _ -> UNKNOWN)
          .with("Availability", "AVAILABILITY", _ -> UNKNOWN)
          .with("Status", "STATUS", VolumeColumns::status)
          .withKey("Label", (row, key) -> row.volume().labels().map().getOrDefault(key, ""));

  private VolumeColumns() {}

  /** For {@code ls}, and with the size in the table for {@code ls --size}. */
  public static Rows<VolumeRow> rows(boolean withSize) {
    List<String> table = withSize ? List.of("Driver", "Name", "Size") : List.of("Driver", "Name");
    return new Rows<>(COLUMNS, table, List.of("Name", "Driver"));
  }

  private static String labels(VolumeRow row) {
    StringJoiner labels = new StringJoiner(",");
    row.volume().labels().map().forEach((key, value) -> labels.add(key + "=" + value));
    return labels.toString();
  }

  private static String links(VolumeRow row) {
    VolumeUsage usage = row.usage();
    return usage == null ? UNKNOWN : String.valueOf(usage.holders());
  }

  private static String size(VolumeRow row) {
    VolumeUsage usage = row.usage();
    return usage == null ? UNKNOWN : usage.size().human();
  }

  private static String status(VolumeRow row) {
    return row.status() == null ? UNKNOWN : row.status().get();
  }
}
