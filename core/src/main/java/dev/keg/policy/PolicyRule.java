package dev.keg.policy;

import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * A rule of the policy file: a selector of volumes, and their settings.
 *
 * <pre>{"name":"db-*","backup.every":"1h"}</pre>
 */
record PolicyRule(Selector selector, Map<PolicyKey, String> settings) {
  PolicyRule {
    settings = Collections.unmodifiableMap(settings);
  }

  static PolicyRule read(JsonDocument json) throws InvalidDocument {
    Map<PolicyKey, String> settings = new EnumMap<>(PolicyKey.class);
    for (PolicyKey key : PolicyKey.values()) {
      Optional<String> value = json.optionalText(key.toString());
      value.ifPresent(text -> settings.put(key, text));
    }
    PolicyRule rule = new PolicyRule(Selector.read(json), settings);
    json.end();
    return rule;
  }
}
