package dev.keg.adoption;

import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A volume of docker, podman or nerdctl in the format of their {@code volume inspect}:
 *
 * <pre>[{"Name":"pg","Driver":"local","Mountpoint":"/var/lib/docker/volumes/pg/_data",
 *   "Labels":{"tier":"gold"},"Options":null,"Scope":"local"}]</pre>
 *
 * @param mountpoint where the engine shows its data
 */
public record EngineVolume(
    String name, String driver, String mountpoint, Options options, Labels labels) {
  /** All volumes in the text. */
  public static List<EngineVolume> parse(byte[] array) throws InvalidDocument {
    List<EngineVolume> volumes = new ArrayList<>();
    for (Object element : JsonObject.parseList(array)) {
      if (!(element instanceof Map<?, ?> fields)) {
        throw new InvalidDocument("it is not a list of volumes");
      }
      volumes.add(of(fields));
    }
    return volumes;
  }

  private static EngineVolume of(Map<?, ?> fields) throws InvalidDocument {
    return new EngineVolume(
        text(fields, "Name"),
        // nerdctl has only one driver, and does not name it.
        fields.get("Driver") instanceof String driver && !driver.isEmpty() ? driver : "local",
        text(fields, "Mountpoint"),
        new Options(texts(fields.get("Options"))),
        new Labels(texts(fields.get("Labels"))));
  }

  private static String text(Map<?, ?> fields, String key) throws InvalidDocument {
    if (fields.get(key) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw new InvalidDocument("a volume has no " + key);
  }

  private static SortedMap<String, String> texts(@Nullable Object value) {
    SortedMap<String, String> texts = new TreeMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, text) -> texts.put(String.valueOf(key), String.valueOf(text)));
    }
    return texts;
  }
}
