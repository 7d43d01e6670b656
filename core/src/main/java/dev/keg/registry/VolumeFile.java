package dev.keg.registry;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.Host;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeDetails;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code volume.json}, which describes a volume:
 *
 * <pre>
 * {"schema":2,"created":"2026-11-20T10:00:55.5Z","description":"","driver":"local",
 *  "host":{"id":"…","name":"db1"},"id":"…","labels":{},"options":{},"protected":"",
 *  "updated":"2026-11-20T10:00:55.5Z"}
 * {"schema":1,"created":"2026-11-20T10:00:55.5Z","driver":"local","labels":{},"options":{}}
 * </pre>
 *
 * <p>The name is only that of the directory, so renaming the volume is a single rename(2). Older
 * versions wrote schema 1; the next write of such a file upgrades it to schema 2.
 */
public final class VolumeFile {
  static final long SCHEMA = 2;

  private VolumeFile() {}

  static byte[] write(Volume volume) {
    return JsonObject.ofSchema(SCHEMA).and(fields(volume)).bytes();
  }

  /** Everything but the schema and the name. */
  public static JsonObject fields(Volume volume) {
    VolumeDetails details = volume.details();
    TreeMap<String, String> host = new TreeMap<>();
    host.put("id", details.host().id());
    host.put("name", details.host().name());
    return new JsonObject()
        .put("created", volume.created().toString())
        .put("description", details.description())
        .put("driver", volume.driver())
        .put("host", host)
        .put("id", details.id().text())
        .put("labels", volume.labels().map())
        .put("options", volume.options().map())
        .put("protected", details.protection().text())
        .put("updated", details.updated().toString());
  }

  /**
   * Reads the volume that {@link #fields} describes; the caller reads the other fields of the
   * document.
   */
  public static Volume read(VolumeName name, JsonDocument json) throws InvalidDocument {
    return new Volume(
        name,
        json.text("driver"),
        new Options(json.map("options")),
        new Labels(json.map("labels")),
        Timestamp.parse(json.text("created")),
        details(json));
  }

  static Volume read(VolumeName name, Path file, byte[] content) {
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, content);
      Volume volume = json.schema() == 1 ? ofSchema1(name, json) : read(name, json);
      json.end();
      return volume;
    } catch (InvalidDocument | DateTimeException | IllegalArgumentException e) {
      throw new Damaged(name.text(), file.toString(), String.valueOf(e.getMessage()));
    }
  }

  private static Volume ofSchema1(VolumeName name, JsonDocument json) throws InvalidDocument {
    return new Volume(
        name,
        json.text("driver"),
        new Options(json.map("options")),
        new Labels(json.map("labels")),
        Timestamp.parse(json.text("created")));
  }

  private static VolumeDetails details(JsonDocument json) throws InvalidDocument {
    return new VolumeDetails(
        VolumeId.parse(json.text("id")),
        json.text("description"),
        Timestamp.parse(json.text("updated")),
        host(json.map("host")),
        Protection.parse(json.text("protected")));
  }

  private static Host host(SortedMap<String, String> host) throws InvalidDocument {
    String id = host.get("id");
    String name = host.get("name");
    if (id == null || name == null || host.size() != 2) {
      throw new InvalidDocument("field \"host\" must have an id and a name only");
    }
    return new Host(id, name);
  }
}
