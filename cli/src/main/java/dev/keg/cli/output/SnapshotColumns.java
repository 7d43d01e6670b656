package dev.keg.cli.output;

import dev.keg.cli.json.Json;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.output.table.Timestamps;
import dev.keg.volume.Snapshot;
import java.time.ZoneId;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The columns of {@code keg snapshot ls}. */
public final class SnapshotColumns {
  private SnapshotColumns() {}

  public static Rows<Snapshot> rows(ZoneId zone) {
    return new Rows<>(
        Columns.<Snapshot>of("snapshot")
            .with("Volume", "VOLUME", snapshot -> snapshot.volume().name().text())
            .with("Name", "NAME", snapshot -> snapshot.name().text())
            .with("CreatedAt", "CREATED", snapshot -> Timestamps.seconds(snapshot.created(), zone))
            .with("ExpiresAt", "EXPIRES", snapshot -> expires(snapshot, zone))
            .with("Kind", "KIND", SnapshotColumns::kind)
            .with("Consistent", "CONSISTENT", snapshot -> String.valueOf(snapshot.consistent()))
            .with("Reference", "SNAPSHOT", Snapshot::toString)
            .with("Scheduled", "SCHEDULED", snapshot -> String.valueOf(snapshot.scheduled())),
        List.of("Volume", "Name", "CreatedAt", "ExpiresAt", "Kind", "Consistent"),
        List.of("Reference", "CreatedAt"));
  }

  private static String expires(Snapshot snapshot, ZoneId zone) {
    return snapshot.expires().map(time -> Timestamps.seconds(time, zone)).orElse("never");
  }

  private static String kind(Snapshot snapshot) {
    return snapshot.shared() ? "shared" : "copy";
  }

  /** An object with every field. */
  public static String json(Snapshot snapshot, ZoneId zone) {
    SortedMap<String, Object> fields = new TreeMap<>();
    fields.put("Consistent", snapshot.consistent());
    fields.put("CreatedAt", Timestamps.seconds(snapshot.created(), zone));
    fields.put(
        "ExpiresAt", snapshot.expires().map(time -> Timestamps.seconds(time, zone)).orElse(""));
    fields.put("Kind", kind(snapshot));
    fields.put("Name", snapshot.name().text());
    fields.put("Scheduled", snapshot.scheduled());
    fields.put("Volume", snapshot.volume().name().text());
    return Json.compact(fields);
  }
}
