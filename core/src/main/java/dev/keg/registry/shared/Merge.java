package dev.keg.registry.shared;

import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a command of this host changed in a volume, and what other hosts changed meanwhile. */
final class Merge {
  private Merge() {}

  /**
   * The current description with this host's changes.
   *
   * @param base what the command read
   * @param mine what it made of that
   */
  static Volume of(Volume base, Volume mine, Volume current) {
    if (base.equals(current)) {
      return mine;
    }
    var ours = mine.details();
    var theirs = current.details();
    Volume merged =
        current
            .withLabels(
                new Labels(
                    merged(base.labels().map(), mine.labels().map(), current.labels().map())))
            .withOptions(
                new Options(
                    merged(base.options().map(), mine.options().map(), current.options().map())))
            .withDetails(theirs.changed(ours.updated(), ours.host()));
    merged =
        ours.description().equals(base.details().description())
            ? merged
            : merged.withDescription(ours.description());
    return ours.protection().equals(base.details().protection())
        ? merged
        : merged.withProtection(ours.protection());
  }

  private static SortedMap<String, String> merged(
      SortedMap<String, String> base,
      SortedMap<String, String> mine,
      SortedMap<String, String> current) {
    TreeMap<String, String> merged = new TreeMap<>(current);
    Set<String> keys = new HashSet<>(base.keySet());
    keys.addAll(mine.keySet());
    for (String key : keys) {
      @Nullable String value = mine.get(key);
      if (value == null) {
        merged.remove(key);
      } else if (!Objects.equals(value, base.get(key))) {
        merged.put(key, value);
      }
    }
    return merged;
  }
}
