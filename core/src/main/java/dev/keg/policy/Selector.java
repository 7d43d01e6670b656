package dev.keg.policy;

import com.google.re2j.Pattern;
import dev.keg.backup.retention.Age;
import dev.keg.error.VolumeException;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Selects the volumes of a rule.
 *
 * <pre>{"name":"db-*","driver":"loop","label":"tier=gold","unused":"30d","above":"100g"}</pre>
 *
 * @param name a pattern in which {@code *} stands for any text and {@code ?} for any letter
 * @param label a key, or a key and its value
 * @param unused matches if nobody held it for this long
 * @param above matches if its data is larger than this
 */
record Selector(
    Optional<String> name,
    Optional<String> driver,
    Optional<String> label,
    Optional<Age> unused,
    Optional<Size> above) {
  static Selector read(JsonDocument json) throws InvalidDocument {
    return new Selector(
        json.optionalText("name"),
        json.optionalText("driver"),
        json.optionalText("label"),
        parsed(json, "unused", Age::parse),
        parsed(json, "above", Size::parseBinary));
  }

  private static <T> Optional<T> parsed(JsonDocument json, String key, Function<String, T> parser)
      throws InvalidDocument {
    try {
      return json.optionalText(key).map(parser);
    } catch (VolumeException e) {
      throw new InvalidDocument("%s: %s".formatted(key, e.getMessage()));
    }
  }

  /** Expensive facts are checked last. */
  boolean matches(Volume volume, VolumeFacts facts) {
    return name.map(pattern -> matches(pattern, volume.name().text())).orElse(true)
        && driver.map(volume.driver()::equals).orElse(true)
        && label.map(text -> hasLabel(volume, text)).orElse(true)
        && unused.map(age -> !facts.lastUsed(volume).isAfter(age.before(facts.now()))).orElse(true)
        && above.map(size -> facts.size(volume).compareTo(size) > 0).orElse(true);
  }

  private static boolean matches(String pattern, String name) {
    String regex =
        pattern
            .codePoints()
            .mapToObj(Character::toString)
            .map(c -> c.equals("*") ? ".*" : c.equals("?") ? "." : Pattern.quote(c))
            .collect(Collectors.joining());
    return Pattern.matches(regex, name);
  }

  private static boolean hasLabel(Volume volume, String text) {
    int equals = text.indexOf('=');
    return equals < 0
        ? volume.labels().map().containsKey(text)
        : text.substring(equals + 1).equals(volume.labels().map().get(text.substring(0, equals)));
  }
}
