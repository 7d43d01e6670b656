package dev.keg.backup.archive;

import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.tree.ByteString;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * The description of the volume inside an archive, so that a file alone suffices to create it:
 *
 * <pre>
 * {"schema":1,"created":"2026-11-01T08:00:00Z","driver":"local","labels":{},"name":"db","options":{}}
 * </pre>
 */
public final class VolumeDescription {
  private static final long SCHEMA = 1;

  private VolumeDescription() {}

  public static ByteString write(Volume volume) {
    return ByteString.of(json(volume).bytes());
  }

  /** The description on one line, without a line break. */
  public static String text(Volume volume) {
    return json(volume).line().strip();
  }

  private static JsonObject json(Volume volume) {
    return JsonObject.ofSchema(SCHEMA)
        .put("created", volume.created().toString())
        .put("driver", volume.driver())
        .put("labels", volume.labels().map())
        .put("name", volume.name().text())
        .put("options", volume.options().map());
  }

  /** The volume, if the text describes one; an archive is valid without it. */
  public static Optional<Volume> read(ByteString text) {
    try {
      JsonDocument json = JsonDocument.read("the archive's description", SCHEMA, text.toArray());
      Volume volume =
          new Volume(
              VolumeName.lookup(json.text("name"))
                  .orElseThrow(() -> new InvalidDocument("no volume's name")),
              json.text("driver"),
              new Options(json.map("options")),
              new Labels(json.map("labels")),
              Instant.parse(json.text("created")));
      json.end();
      return Optional.of(volume);
    } catch (InvalidDocument | IllegalArgumentException | DateTimeException _) {
      return Optional.empty();
    }
  }
}
