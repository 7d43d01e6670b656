package dev.keg.registry;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.time.DateTimeException;

/**
 * {@code volume.json}, which describes a volume:
 *
 * <pre>{"schema":1,"created":"2026-11-20T10:00:55.5Z","driver":"local","labels":{},"options":{}}
 * </pre>
 *
 * <p>Only the directory has the name, so a rename is one rename(2).
 */
final class VolumeFile {
  static final long SCHEMA = 1;

  private VolumeFile() {}

  static byte[] write(Volume volume) {
    return JsonObject.ofSchema(SCHEMA)
        .put("created", volume.created().toString())
        .put("driver", volume.driver())
        .put("labels", volume.labels().map())
        .put("options", volume.options().map())
        .bytes();
  }

  static Volume read(VolumeName name, Path file, byte[] content) {
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, content);
      Volume volume =
          new Volume(
              name,
              json.text("driver"),
              new Options(json.map("options")),
              new Labels(json.map("labels")),
              Timestamp.parse(json.text("created")));
      json.end();
      return volume;
    } catch (InvalidDocument | DateTimeException | IllegalArgumentException e) {
      throw new Damaged(name.text(), file.toString(), String.valueOf(e.getMessage()));
    }
  }
}
