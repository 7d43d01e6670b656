package dev.keg.registry;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code snapshot.json}, which describes a snapshot; the volume's description at that time is in
 * {@code volume.json} beside it.
 *
 * <pre>
 * {"schema":1,"consistent":true,"created":"2026-11-20T10:00:55Z","expires":"","scheduled":false,
 *  "shared":true}
 * </pre>
 */
final class SnapshotFile {
  static final String NAME = "snapshot.json";

  private static final long SCHEMA = 1;

  private SnapshotFile() {}

  static byte[] write(Snapshot snapshot) {
    return JsonObject.ofSchema(SCHEMA)
        .put("consistent", snapshot.consistent())
        .put("created", snapshot.created().toString())
        .put("expires", snapshot.expires().map(Instant::toString).orElse(""))
        .put("scheduled", snapshot.scheduled())
        .put("shared", snapshot.shared())
        .bytes();
  }

  static Snapshot read(Volume volume, SnapshotName name, Path file, byte[] content) {
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, content);
      String expires = json.text("expires");
      Snapshot snapshot =
          new Snapshot(
              volume,
              name,
              Timestamp.parse(json.text("created")),
              expires.isEmpty() ? Optional.empty() : Optional.of(Timestamp.parse(expires)),
              json.truth("shared"),
              json.truth("consistent"),
              json.truth("scheduled"));
      json.end();
      return snapshot;
    } catch (InvalidDocument | DateTimeException e) {
      throw new Damaged(
          volume.name() + "@" + name, file.toString(), String.valueOf(e.getMessage()));
    }
  }
}
