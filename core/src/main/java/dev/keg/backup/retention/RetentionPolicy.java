package dev.keg.backup.retention;

import dev.keg.error.InvalidInput.InvalidRetention;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The backups to keep: the newest of each of a number of intervals, all within an age of the
 * newest, and all with certain tags. A policy without rules keeps everything.
 *
 * @param counts the number of intervals of each kind; {@link #UNLIMITED} for all
 * @param tags sets of tags; a backup with all tags of one set is kept
 */
public record RetentionPolicy(
    Map<Interval, Integer> counts, @Nullable Age within, List<Set<String>> tags) {
  public static final int UNLIMITED = -1;
  public static final RetentionPolicy KEEP_ALL = new RetentionPolicy(Map.of(), null, List.of());

  public RetentionPolicy {
    EnumMap<Interval, Integer> positive = new EnumMap<>(Interval.class);
    counts.forEach(
        (interval, count) -> {
          if (count < UNLIMITED) {
            throw new InvalidRetention(
                "keep-%s: a negative count: %d".formatted(interval, count),
                "-1 or \"unlimited\" keeps all");
          }
          if (count != 0) {
            positive.put(interval, count);
          }
        });
    counts = Collections.unmodifiableMap(positive);
    tags = tags.stream().map(RetentionPolicy::sorted).toList();
  }

  private static Set<String> sorted(Set<String> tags) {
    return Collections.unmodifiableSet(new TreeSet<>(tags));
  }

  /** Parses {@code daily=7,weekly=4,within=30d}: the keep flags in one text. */
  public static RetentionPolicy parse(String text) {
    Map<Interval, Integer> counts = new EnumMap<>(Interval.class);
    Age within = null;
    for (String part : text.split(",", -1)) {
      String[] words = part.strip().split("=", 2);
      String value = words.length == 2 ? words[1] : "";
      if (words[0].equals("within")) {
        within = Age.parse(value);
      } else {
        counts.put(interval(words[0], text), parseCount(value));
      }
    }
    return new RetentionPolicy(counts, within, List.of());
  }

  private static Interval interval(String word, String text) {
    return Arrays.stream(Interval.values())
        .filter(interval -> interval.toString().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidRetention(
                    "invalid retention: '" + text + "'",
                    "for example daily=7,weekly=4,monthly=12; also last, hourly, yearly, within"));
  }

  /** Parses a count of the flags: a number, or {@code unlimited}. */
  public static int parseCount(String text) {
    if (text.equals("unlimited") || text.equals("-1")) {
      return UNLIMITED;
    }
    if (!text.matches("\\d{1,9}")) {
      throw new InvalidRetention(
          "invalid count: '" + text + "'", "a count is a whole number, or \"unlimited\"");
    }
    return Integer.parseInt(text);
  }

  public boolean isEmpty() {
    return counts.isEmpty() && within == null && tags.isEmpty();
  }
}
