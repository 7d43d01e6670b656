package dev.keg.policy;

import dev.keg.error.InvalidInput.InvalidPolicy;
import dev.keg.error.Suggestion;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.policy.VolumePolicy.Setting;
import dev.keg.volume.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The policies of a root, from its file and the volumes' labels. For a volume, a later matching
 * rule takes precedence over an earlier one, and a label over both.
 *
 * <pre>
 * {"schema":1,"rules":[
 *   {"backup.to":"/srv/backups","backup.every":"1d","backup.keep":"daily=7,weekly=4"},
 *   {"label":"tier=gold","backup.every":"1h"}]}
 * </pre>
 */
public record Policies(List<PolicyRule> rules) {
  private static final long SCHEMA = 1;

  public Policies {
    rules = List.copyOf(rules);
  }

  /** Reads the file; without one, only labels apply. */
  public static Policies read(Path file) {
    if (!Files.exists(file)) {
      return new Policies(List.of());
    }
    byte[] bytes = FileFailures.translate("read", file, () -> SmallFile.read(file));
    List<PolicyRule> rules = new ArrayList<>();
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, bytes);
      for (JsonDocument rule : json.documents("rules")) {
        rules.add(rule(rules.size() + 1, rule));
      }
      json.end();
    } catch (InvalidDocument e) {
      throw new InvalidPolicy(
          file + ": " + e.getMessage(), "`keg help policies` shows what it may contain");
    }
    return new Policies(rules);
  }

  private static PolicyRule rule(int number, JsonDocument json) throws InvalidDocument {
    try {
      return PolicyRule.read(json);
    } catch (InvalidDocument e) {
      throw new InvalidDocument("rule %d: %s".formatted(number, e.getMessage()));
    }
  }

  public VolumePolicy of(Volume volume, VolumeFacts facts) {
    Map<PolicyKey, Setting> settings = new EnumMap<>(PolicyKey.class);
    for (int i = 0; i < rules.size(); i++) {
      int number = i + 1;
      if (rules.get(i).selector().matches(volume, facts)) {
        rules
            .get(i)
            .settings()
            .forEach((key, text) -> settings.put(key, new Setting(text, number)));
      }
    }
    volume.labels().map().entrySet().stream()
        .filter(label -> PolicyKey.isLabel(label.getKey()))
        .forEach(
            label -> settings.put(key(volume, label.getKey()), new Setting(label.getValue(), 0)));
    return new VolumePolicy(volume, settings);
  }

  private static PolicyKey key(Volume volume, String label) {
    PolicyKey key =
        PolicyKey.ofLabel(label)
            .orElseThrow(
                () ->
                    new InvalidPolicy(
                        "%s: unknown label %s".formatted(volume.name(), label),
                        Suggestion.before(
                            "the labels of policies are " + String.join(", ", labels()),
                            label,
                            labels().stream())));
    if (!key.fromLabel()) {
      throw new InvalidPolicy(
          "%s: label %s: a label cannot name a command".formatted(volume.name(), label),
          "put it into a rule of policy.json as \"%s\"".formatted(key));
    }
    return key;
  }

  private static List<String> labels() {
    return Arrays.stream(PolicyKey.values())
        .filter(PolicyKey::fromLabel)
        .map(PolicyKey::label)
        .toList();
  }

  /** The repositories that the operator's file names. */
  Set<String> locations() {
    return rules.stream()
        .flatMap(rule -> BackupPlan.list(rule.settings().getOrDefault(PolicyKey.TO, "")).stream())
        .collect(Collectors.toSet());
  }
}
