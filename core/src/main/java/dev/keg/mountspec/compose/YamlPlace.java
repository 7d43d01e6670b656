package dev.keg.mountspec.compose;

import dev.keg.error.InvalidInput.InvalidSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A place in a compose file and its value, if any. Texts have their variables replaced; every error
 * names the place.
 */
record YamlPlace(String path, @Nullable Yaml value, Interpolation interpolation) {

  boolean isAbsent() {
    return value == null || (value instanceof Yaml.Text text && text.isNull());
  }

  YamlPlace at(String key) {
    return child(path.isEmpty() ? key : path + "." + key, fields().get(key));
  }

  private YamlPlace child(String childPath, @Nullable Yaml child) {
    return new YamlPlace(childPath, child, interpolation);
  }

  boolean isText() {
    return value instanceof Yaml.Text;
  }

  boolean isFields() {
    return value instanceof Yaml.Fields;
  }

  /** The fields in their order; none if the value is missing. */
  private SequencedMap<String, Yaml> fields() {
    if (isAbsent()) {
      return new LinkedHashMap<>();
    }
    if (value instanceof Yaml.Fields(var fields)) {
      return fields;
    }
    throw wrong("must be a mapping");
  }

  boolean has(String key) {
    return fields().containsKey(key);
  }

  List<String> keys() {
    return List.copyOf(fields().keySet());
  }

  List<YamlPlace> items() {
    if (isAbsent()) {
      return List.of();
    }
    if (!(value instanceof Yaml.Items(var items))) {
      throw wrong("must be a list");
    }
    List<YamlPlace> places = new ArrayList<>();
    for (Yaml item : items) {
      places.add(child(path + ".[" + places.size() + "]", item));
    }
    return places;
  }

  /** One text, or a list of them. */
  List<YamlPlace> oneOrMore() {
    return isText() && !isAbsent() ? List.of(this) : items();
  }

  String text() {
    if (value instanceof Yaml.Text text) {
      return text.isNull() ? "" : interpolation.apply(text.text(), path);
    }
    if (value == null) {
      return "";
    }
    throw wrong("must be a string");
  }

  Optional<String> optionalText() {
    return isAbsent() ? Optional.empty() : Optional.of(text());
  }

  boolean bool(boolean fallback) {
    if (isAbsent()) {
      return fallback;
    }
    return switch (text().toLowerCase(Locale.ROOT)) {
      case "1", "t", "true", "y", "yes", "on" -> true;
      case "0", "f", "false", "n", "no", "off" -> false;
      default -> throw wrong("must be a boolean");
    };
  }

  /** {@code {KEY: VALUE}}; with a list allowed, {@code [KEY=VALUE]} too. */
  Map<String, String> texts(boolean listAllowed) {
    Map<String, String> texts = new TreeMap<>();
    if (listAllowed && value instanceof Yaml.Items) {
      for (YamlPlace item : items()) {
        String text = item.text();
        int equals = text.indexOf('=');
        texts.put(
            equals < 0 ? text : text.substring(0, equals),
            equals < 0 ? "" : text.substring(equals + 1));
      }
      return texts;
    }
    keys().forEach(key -> texts.put(key, at(key).text()));
    return texts;
  }

  /** Refuses unknown keys; keys that begin with {@code x-} are extensions. */
  void allow(String... known) {
    List<String> allowed = List.of(known);
    for (String key : keys()) {
      if (!allowed.contains(key) && !key.startsWith("x-")) {
        throw wrong("additional properties '" + key + "' not allowed");
      }
    }
  }

  InvalidSpec wrong(String what) {
    return new InvalidSpec((path.isEmpty() ? "the file" : path) + " " + what);
  }
}
