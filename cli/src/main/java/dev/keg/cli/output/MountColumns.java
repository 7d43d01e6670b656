package dev.keg.cli.output;

import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.volumeset.MountListing;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** The columns of {@code keg mount}. */
public final class MountColumns {
  private MountColumns() {}

  public static Rows<MountListing.Entry> rows(ZoneId zone) {
    return new Rows<>(
        Columns.<MountListing.Entry>of("mount")
            .with("Source", "SOURCE", MountListing.Entry::source)
            .with("Type", "TYPE", MountListing.Entry::kind)
            .with("Target", "TARGET", MountListing.Entry::target)
            .with("Container", "CONTAINER", MountListing.Entry::container)
            .with("Mode", "MODE", entry -> entry.readOnly() ? "ro" : "rw")
            .with("Since", "SINCE", entry -> since(entry, zone))
            .with("Status", "STATUS", entry -> entry.state().name().toLowerCase(Locale.ROOT)),
        List.of("Source", "Target", "Container", "Mode", "Since", "Status"),
        List.of("Target", "Source"));
  }

  private static String since(MountListing.Entry entry, ZoneId zone) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
        entry.since().truncatedTo(ChronoUnit.SECONDS).atZone(zone));
  }
}
