package dev.keg.volume;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The options of a volume's driver, sorted by key. Their values may contain passwords. */
public record Options(SortedMap<String, String> map) {
  public static final Options NONE = new Options(new TreeMap<>());

  /** Replaces a secret in output. */
  public static final String MASK = "********";

  private static final Pattern PASSWORD = Pattern.compile("(^|,)(password2?|pass)=[^,]*");

  public Options {
    map =
        map.isEmpty()
            ? Collections.emptySortedMap()
            : Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  public static Options of(Map<String, String> map) {
    return new Options(new TreeMap<>(map));
  }

  /** Parses {@code key} and {@code key=value}; the last of a repeated key wins. */
  public static Options parse(List<String> texts) {
    SortedMap<String, String> map = new TreeMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      map.put(
          equals < 0 ? text : text.substring(0, equals),
          equals < 0 ? "" : text.substring(equals + 1));
    }
    return new Options(map);
  }

  public boolean isEmpty() {
    return map.isEmpty();
  }

  public boolean has(String key) {
    return map.containsKey(key);
  }

  /** The value of an option; empty if the option is absent or has no value. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(map.get(key)).filter(value -> !value.isEmpty());
  }

  public Options with(String key, String value) {
    SortedMap<String, String> result = new TreeMap<>(map);
    result.put(key, value);
    return new Options(result);
  }

  /** These options and the others, which win if both have a key. */
  public Options with(Options others) {
    SortedMap<String, String> result = new TreeMap<>(map);
    result.putAll(others.map);
    return new Options(result);
  }

  /** The options with asterisks for passwords and for all values of the secret keys. */
  public Options masked(Collection<String> secretKeys) {
    SortedMap<String, String> result = new TreeMap<>(map);
    result.replaceAll((key, value) -> secretKeys.contains(key) ? MASK : masked(value));
    return new Options(result);
  }

  /** Whether a value is masked, so that these options cannot be used to create a volume. */
  public boolean isMasked() {
    return map.values().stream().anyMatch(value -> value.contains(MASK));
  }

  /** Mount options such as {@code user=a,password=b} with asterisks for passwords. */
  public static String masked(String mountOptions) {
    return PASSWORD.matcher(mountOptions).replaceAll("$1$2=" + MASK);
  }

  /** Whether there is a password among mount options. */
  public static boolean hasPassword(String mountOptions) {
    return PASSWORD.matcher(mountOptions).find();
  }
}
