package dev.keg.policy;

import dev.keg.error.InvalidInput.InvalidPolicy;
import dev.keg.error.VolumeException;
import dev.keg.volume.Volume;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The settings of one volume, and where they come from. */
public record VolumePolicy(Volume volume, Map<PolicyKey, Setting> settings) {
  /**
   * A value and its origin.
   *
   * @param rule the number of the rule in the file, or 0 for a label
   */
  public record Setting(String value, int rule) {
    boolean fromLabel() {
      return rule == 0;
    }

    /** {@code label}, or {@code rule 2}. */
    public String source() {
      return fromLabel() ? "label" : "rule " + rule;
    }
  }

  public VolumePolicy {
    Map<PolicyKey, Setting> ordered = new EnumMap<>(PolicyKey.class);
    ordered.putAll(settings);
    settings = Collections.unmodifiableMap(ordered);
  }

  Optional<String> value(PolicyKey key) {
    return Optional.ofNullable(settings.get(key)).map(Setting::value).filter(v -> !v.isEmpty());
  }

  /** Parses a value; an error names its origin. */
  <T> Optional<T> parse(PolicyKey key, Function<String, T> parser) {
    try {
      return value(key).map(parser);
    } catch (VolumeException e) {
      throw new InvalidPolicy(
          "%s: %s (%s): %s".formatted(volume.name(), key, source(key), e.getMessage()),
          e.hint().orElse(null));
    }
  }

  /** The origin of a value, for a message. */
  String source(PolicyKey key) {
    Setting setting = settings.get(key);
    return setting == null || setting.fromLabel() ? "label " + key.label() : setting.source();
  }
}
