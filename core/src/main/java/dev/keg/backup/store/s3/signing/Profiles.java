package dev.keg.backup.store.s3.signing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The profiles of the AWS tools, from {@code ~/.aws/credentials} and {@code ~/.aws/config}:
 *
 * <pre>
 * [default]                  # [profile NAME] for others in config, [NAME] in credentials
 * aws_access_key_id = AKIDEXAMPLE
 * s3 =
 *   addressing_style = path  # indented lines belong to the line above
 * </pre>
 */
public record Profiles(SortedMap<String, Map<String, String>> byName) {
  public Profiles {
    byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
  }

  /** Parses both files; for a setting in both, the credentials file wins. */
  public static Profiles parse(String credentials, String config) {
    SortedMap<String, Map<String, String>> profiles = new TreeMap<>();
    read(config, "profile ", profiles);
    read(credentials, "", profiles);
    return new Profiles(profiles);
  }

  private static void read(
      String text, String prefix, SortedMap<String, Map<String, String>> profiles) {
    Map<String, String> section = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      String trimmed = line.strip();
      if (trimmed.isEmpty() || trimmed.startsWith("#") || trimmed.startsWith(";")) {
        continue;
      }
      if (trimmed.startsWith("[") && trimmed.contains("]")) {
        Optional<String> name = profile(trimmed.substring(1, trimmed.indexOf(']')).strip(), prefix);
        section =
            name.isPresent()
                ? profiles.computeIfAbsent(name.get(), _ -> new LinkedHashMap<>())
                : new LinkedHashMap<>();
      } else if (!Character.isWhitespace(line.charAt(0)) && trimmed.indexOf('=') > 0) {
        int equals = trimmed.indexOf('=');
        section.put(trimmed.substring(0, equals).strip(), value(trimmed.substring(equals + 1)));
      }
    }
  }

  private static Optional<String> profile(String section, String prefix) {
    if (section.equals("default")) {
      return Optional.of(section);
    }
    return section.startsWith(prefix)
        ? Optional.of(section.substring(prefix.length()).strip())
        : Optional.empty();
  }

  /** The value without a comment that follows it after white space. */
  private static String value(String text) {
    return text.replaceFirst("\\s[#;].*$", "").strip();
  }

  public Optional<Map<String, String>> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }
}
