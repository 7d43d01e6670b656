package dev.keg.config;

import dev.keg.error.InvalidInput;
import dev.keg.error.InvalidInput.InvalidConfig;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a configuration file. Every value is a text:
 *
 * <pre>
 * {"schema":1,"keep":"daily=7,weekly=4","level":"9","repository":"/srv/backups"}
 * </pre>
 *
 * @param ofMachine whether it is the one in the root
 */
record ConfigFile(Path path, boolean ofMachine, Map<ConfigKey, String> values) {
  private static final long SCHEMA = 1;

  ConfigFile {
    values = Collections.unmodifiableMap(copy(values));
  }

  private static Map<ConfigKey, String> copy(Map<ConfigKey, String> values) {
    Map<ConfigKey, String> copy = new EnumMap<>(ConfigKey.class);
    copy.putAll(values);
    return copy;
  }

  /** Reads it; a missing file has no values. */
  static ConfigFile read(Path path, boolean ofMachine) {
    Map<ConfigKey, String> values = new EnumMap<>(ConfigKey.class);
    if (!Files.exists(path)) {
      refuseLink(path);
      return new ConfigFile(path, ofMachine, values);
    }
    byte[] bytes = FileFailures.translate("read", path, () -> SmallFile.read(path));
    try {
      JsonDocument json = JsonDocument.read(path, SCHEMA, bytes);
      for (ConfigKey key : ConfigKey.values()) {
        Optional<String> value = json.optionalText(key.toString());
        value.ifPresent(text -> values.put(key, text));
      }
      json.end();
    } catch (InvalidDocument e) {
      throw new InvalidConfig(path + ": " + e.getMessage(), ConfigKey.allKeys());
    }
    values.forEach((key, value) -> check(path, ofMachine, key, value));
    return new ConfigFile(path, ofMachine, values);
  }

  // Its target may be on a disk that is not mounted yet; without it, all values would change.
  private static void refuseLink(Path path) {
    if (Files.isSymbolicLink(path)) {
      Path target = FileFailures.translate("read", path, () -> Files.readSymbolicLink(path));
      throw new InvalidConfig(
          "%s leads to %s, which is missing".formatted(path, target),
          "restore it, or remove the link");
    }
  }

  private static void check(Path path, boolean ofMachine, ConfigKey key, String value) {
    try {
      requirePlace(ofMachine, key);
      key.check(value, path.getFileSystem());
    } catch (InvalidInput e) {
      throw new InvalidConfig(
          "%s: %s: %s".formatted(path, key, e.getMessage()), e.hint().orElse(null));
    }
  }

  private static void requirePlace(boolean ofMachine, ConfigKey key) {
    if (ofMachine && !key.isOfMachine()) {
      throw new InvalidConfig(
          "a file in the root cannot say where the root is", "the user's own file can");
    }
  }

  /** The same with a value of the key, or without one. */
  ConfigFile with(ConfigKey key, Optional<String> value) {
    requirePlace(ofMachine, key);
    value.ifPresent(text -> key.check(text, path.getFileSystem()));
    Map<ConfigKey, String> changed = copy(values);
    changed.remove(key);
    value.ifPresent(text -> changed.put(key, text));
    return new ConfigFile(path, ofMachine, changed);
  }

  byte[] content() {
    JsonObject json = JsonObject.ofSchema(SCHEMA);
    values.forEach((key, value) -> json.put(key.toString(), value));
    return json.pretty().getBytes(StandardCharsets.UTF_8);
  }
}
