package dev.keg.policy;

import com.google.re2j.Pattern;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.volume.Volume;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A rule of the policy file: which volumes it is for, and what holds for them.
 *
 * <pre>{"name":"db-*","driver":"loop","label":"tier=gold","backup.every":"1h"}</pre>
 *
 * @param name a pattern in which {@code *} stands for any text and {@code ?} for any letter
 * @param label a key, or a key and its value
 */
record PolicyRule(
    Optional<String> name,
    Optional<String> driver,
    Optional<String> label,
    Map<PolicyKey, String> settings) {
  PolicyRule {
    settings = Collections.unmodifiableMap(settings);
  }

  static PolicyRule read(JsonDocument json) throws InvalidDocument {
    Map<PolicyKey, String> settings = new EnumMap<>(PolicyKey.class);
    for (PolicyKey key : PolicyKey.values()) {
      Optional<String> value = json.optionalText(key.toString());
      value.ifPresent(text -> settings.put(key, text));
    }
    PolicyRule rule =
        new PolicyRule(
            json.optionalText("name"),
            json.optionalText("driver"),
            json.optionalText("label"),
            settings);
    json.end();
    return rule;
  }

  boolean isFor(Volume volume) {
    return name.map(pattern -> matches(pattern, volume.name().text())).orElse(true)
        && driver.map(volume.driver()::equals).orElse(true)
        && label.map(text -> hasLabel(volume, text)).orElse(true);
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
