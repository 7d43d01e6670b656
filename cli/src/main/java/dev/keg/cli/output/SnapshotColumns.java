package dev.keg.cli.output;

import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.output.table.Timestamps;
import dev.keg.volume.Snapshot;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** The columns of {@code keg snapshot ls}. */
public final class SnapshotColumns {
  private SnapshotColumns() {}

  public static Rows<Snapshot> rows(ZoneId zone) {
    return new Rows<>(
        Columns.<Snapshot>of("snapshot")
            .with("Volume", "VOLUME", snapshot -> snapshot.volume().name().text())
            .with("Name", "NAME", snapshot -> snapshot.name().text())
            .with("CreatedAt", "CREATED", snapshot -> Timestamps.seconds(snapshot.created(), zone))
            .with(
                "ExpiresAt",
                "EXPIRES",
                snapshot -> expires(snapshot, zone).orElse("never"),
                snapshot -> expires(snapshot, zone).orElse(""))
            .with("Kind", "KIND", SnapshotColumns::kind)
            .with(
                "Consistent",
                "CONSISTENT",
                snapshot -> String.valueOf(snapshot.consistent()),
                Snapshot::consistent)
            .with("Reference", "SNAPSHOT", Snapshot::toString)
            .with(
                "Scheduled",
                "SCHEDULED",
                snapshot -> String.valueOf(snapshot.scheduled()),
                Snapshot::scheduled),
        List.of("Volume", "Name", "CreatedAt", "ExpiresAt", "Kind", "Consistent"),
        List.of("Reference", "CreatedAt"));
  }

  private static Optional<String> expires(Snapshot snapshot, ZoneId zone) {
    return snapshot.expires().map(time -> Timestamps.seconds(time, zone));
  }

  private static String kind(Snapshot snapshot) {
    return snapshot.shared() ? "shared" : "copy";
  }
}
