package dev.keg.volume;

import dev.keg.error.InvalidInput.InvalidLabel;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The labels of a volume, sorted by key. */
public record Labels(SortedMap<String, String> map) {
  /** The label that docker gives to a volume without a name. */
  public static final String ANONYMOUS = "com.docker.volume.anonymous";

  /** The label that names the pool for a volume. */
  public static final String POOL = "keg.pool";

  /** The label in which a backup stores a volume's description. */
  static final String DESCRIPTION = "keg.description";

  /** The labels in which it stores the volume's id, and when the description last changed. */
  static final String ID = "keg.id";

  static final String UPDATED = "keg.updated";

  /** The label that marks the backup of a disk. */
  static final String DISK = "keg.disk";

  /** Labels that backups have and volumes do not. */
  static final List<String> OF_BACKUPS = List.of(DISK, ID, UPDATED);

  public static final Labels NONE = new Labels(new TreeMap<>());

  public Labels {
    map =
        map.isEmpty()
            ? Collections.emptySortedMap()
            : Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  /** Parses {@code key} and {@code key=value}; the last of a repeated key wins. */
  public static Labels parse(List<String> texts) {
    SortedMap<String, String> map = new TreeMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      String key = equals < 0 ? text : text.substring(0, equals);
      validate(text, key);
      map.put(key, equals < 0 ? "" : text.substring(equals + 1));
    }
    return new Labels(map);
  }

  private static void validate(String text, String key) {
    String trimmed = stripBlanks(key);
    if (trimmed.isEmpty()) {
      throw new InvalidLabel("invalid label '" + text + "': empty name");
    }
    if (trimmed.indexOf(' ') >= 0 || trimmed.indexOf('\t') >= 0) {
      throw new InvalidLabel("label '" + key + "' contains whitespaces");
    }
  }

  private static String stripBlanks(String text) {
    int start = 0;
    while (start < text.length() && (text.charAt(start) == ' ' || text.charAt(start) == '\t')) {
      start++;
    }
    return text.substring(start);
  }

  public boolean isEmpty() {
    return map.isEmpty();
  }

  public Labels with(String key, String value) {
    return with(new Labels(new TreeMap<>(Collections.singletonMap(key, value))));
  }

  /** These labels and the others, which win if both have a key. */
  public Labels with(Labels others) {
    SortedMap<String, String> result = new TreeMap<>(map);
    result.putAll(others.map);
    return new Labels(result);
  }

  public Labels without(Collection<String> keys) {
    SortedMap<String, String> result = new TreeMap<>(map);
    result.keySet().removeAll(keys);
    return new Labels(result);
  }
}
