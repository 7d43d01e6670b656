package dev.keg.engine;

import dev.keg.driver.Drivers;
import dev.keg.error.InvalidInput.InvalidRequest;
import dev.keg.error.Suggestion;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.Volumes;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.DataAccess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Nomad's dynamic host volumes. Nomad starts a program for each operation and passes everything in
 * its environment. When Nomad starts, it requests every volume again, which mounts them after a
 * boot.
 *
 * <p>A volume is identified by Nomad's id, never by a path: after a failure of its own, Nomad
 * requests the deletion of the directory of all volumes.
 */
public final class NomadVolumes {
  private static final String NAME = "nomad-%s";

  /** The driver for volumes with a limit, which a plain directory lacks. */
  private static final String LIMITED = "loop";

  private static final String PLAIN = Volume.DEFAULT_DRIVER;

  private final Drivers drivers;
  private final Volumes volumes;
  private final DataAccess data;
  private final Map<String, String> environment;

  public NomadVolumes(
      Drivers drivers, Volumes volumes, DataAccess data, Map<String, String> environment) {
    this.drivers = drivers;
    this.volumes = volumes;
    this.data = data;
    this.environment = environment;
  }

  /** Creates the volume unless it exists, mounts it, and returns its path. */
  public JsonObject create() {
    VolumeName name = name();
    if (!volumes.exists(name.text())) {
      volumes.create(options().request(name));
    }
    long bytes = bytes(volumes.inspect(name.text()).volume());
    if (bytes > 0 && bytes < capacity()) {
      throw new InvalidRequest(
          "volume %s holds %d bytes, less than DHV_CAPACITY_MIN_BYTES".formatted(name, bytes),
          "`keg resize %s SIZE` makes it larger".formatted(name));
    }
    Path path = data.reveal(name.text());
    return new JsonObject().put("path", path.toString()).put("bytes", bytes);
  }

  /** Removes the volume and its data; a missing one is not an error. */
  public void delete() {
    String name = name().text();
    if (volumes.exists(name)) {
      data.conceal(name, false);
      volumes.remove(name, Removal.Mode.NORMAL);
    }
  }

  private VolumeName name() {
    return VolumeName.lookup(NAME.formatted(variable("DHV_VOLUME_ID")))
        .orElseThrow(() -> new InvalidRequest("DHV_VOLUME_ID is not an ID"));
  }

  private String variable(String name) {
    return Optional.ofNullable(environment.get(name))
        .filter(value -> !value.isBlank())
        .orElseThrow(() -> new InvalidRequest(name + " is not set"));
  }

  private EngineOptions options() {
    SortedMap<String, String> texts = known(parameters());
    label(texts, "id", variable("DHV_VOLUME_ID"));
    label(texts, "name", environment.getOrDefault("DHV_VOLUME_NAME", ""));
    label(texts, "namespace", environment.getOrDefault("DHV_NAMESPACE", ""));
    label(texts, "node", environment.getOrDefault("DHV_NODE_ID", ""));
    long capacity = capacity();
    if (capacity > 0) {
      String driver = texts.computeIfAbsent("driver", _ -> LIMITED);
      if (drivers.takes(driver, "size")) {
        texts.putIfAbsent("size", Long.toString(capacity));
      }
    }
    return new EngineOptions(texts);
  }

  /**
   * Parameters that are not for the driver become labels. But one that looks like an option, or is
   * an option of another driver, stays an option, which the driver refuses: a typo, or forgetting
   * to name the driver, must not leave a volume unencrypted.
   */
  private SortedMap<String, String> known(SortedMap<String, String> parameters) {
    String driver = parameters.getOrDefault("driver", capacity() > 0 ? LIMITED : PLAIN);
    Set<String> options = drivers.optionsOfAll();
    SortedMap<String, String> texts = new TreeMap<>();
    parameters.forEach(
        (key, value) -> {
          boolean meant =
              EngineOptions.isOwn(key)
                  || drivers.factory(driver).isEmpty()
                  || drivers.takes(driver, key)
                  || Suggestion.of(key, options.stream()).isPresent();
          if (meant) {
            texts.put(key, value);
          } else {
            label(texts, "parameter." + key, value);
          }
        });
    return texts;
  }

  private static void label(Map<String, String> texts, String key, String value) {
    if (!value.isEmpty()) {
      texts.put("label.nomad." + key, value);
    }
  }

  private SortedMap<String, String> parameters() {
    String text = environment.getOrDefault("DHV_PARAMETERS", "");
    SortedMap<String, String> parameters = new TreeMap<>();
    if (text.isBlank() || text.equals("null")) {
      return parameters;
    }
    try {
      JsonObject.parse(text.getBytes(StandardCharsets.UTF_8))
          .forEach((key, value) -> parameters.put(key, value.toString()));
    } catch (InvalidDocument _) {
      throw new InvalidRequest("DHV_PARAMETERS is not a JSON object");
    }
    return parameters;
  }

  /** The minimum capacity; 0 means no limit. */
  private long capacity() {
    String text = environment.getOrDefault("DHV_CAPACITY_MIN_BYTES", "0");
    if (!text.matches("\\d{1,18}")) {
      throw new InvalidRequest("DHV_CAPACITY_MIN_BYTES is not a number");
    }
    return Long.parseLong(text);
  }

  private long bytes(Volume volume) {
    return volumes.overview(volume).storage().capacity().map(size -> size.bytes()).orElse(0L);
  }
}
