package dev.keg.cli.output;

import dev.keg.volumeset.MountEntry;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** The columns of {@code keg mount}. */
public final class MountColumns {
  private MountColumns() {}

  public static Rows<MountEntry> rows(ZoneId zone) {
    return new Rows<>(
        Columns.<MountEntry>of("mount")
            .with("Source", "SOURCE", MountEntry::source)
            .with("Type", "TYPE", MountEntry::kind)
            .with("Target", "TARGET", MountEntry::target)
            .with("Container", "CONTAINER", MountEntry::container)
            .with("Mode", "MODE", entry -> entry.readOnly() ? "ro" : "rw")
            .with("Since", "SINCE", entry -> since(entry, zone))
            .with("Status", "STATUS", entry -> entry.state().name().toLowerCase(Locale.ROOT)),
        List.of("Source", "Target", "Container", "Mode", "Since", "Status"),
        List.of("Target", "Source"));
  }

  private static String since(MountEntry entry, ZoneId zone) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
        entry.since().truncatedTo(ChronoUnit.SECONDS).atZone(zone));
  }
}
