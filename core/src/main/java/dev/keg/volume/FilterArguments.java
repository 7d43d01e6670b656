package dev.keg.volume;

import dev.keg.error.InvalidInput.InvalidFilter;
import dev.keg.error.Suggestion;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Docker's {@code --filter key=value}, any number of times; the values of one key form a set. */
public record FilterArguments(SortedMap<String, SortedSet<String>> values) {
  public static final FilterArguments NONE = new FilterArguments(new TreeMap<>());

  /** Keys are lower-cased and trimmed, values trimmed; an empty text is not a filter. */
  public static FilterArguments parse(Collection<String> texts) {
    SortedMap<String, SortedSet<String>> values = new TreeMap<>();
    for (String text : texts) {
      if (text.isEmpty()) {
        continue;
      }
      int equals = text.indexOf('=');
      if (equals < 0) {
        throw new InvalidFilter("bad format of filter (expected name=value)", null);
      }
      String key = text.substring(0, equals).strip().toLowerCase(Locale.ROOT);
      values.computeIfAbsent(key, _ -> new TreeSet<>()).add(text.substring(equals + 1).strip());
    }
    return new FilterArguments(values);
  }

  /** Refuses keys that the command does not know. */
  public void allow(Set<String> known) {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw new InvalidFilter(
            "invalid filter '" + key + "'",
            Suggestion.before(
                "the filters here are " + String.join(", ", new TreeSet<>(known)),
                key,
                known.stream()));
      }
    }
  }

  public Set<String> of(String key) {
    return values.getOrDefault(key, new TreeSet<>());
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** The single value of a key that accepts a few words. */
  public boolean truth(String key, Map<String, Boolean> words) {
    Set<String> given = of(key);
    Set<Boolean> meant = new TreeSet<>();
    for (String word : given) {
      Boolean meaning = words.get(word);
      if (meaning == null) {
        throw invalid(key);
      }
      meant.add(meaning);
    }
    if (meant.size() != 1) {
      throw invalid(key);
    }
    return List.copyOf(meant).getFirst();
  }

  public InvalidFilter invalid(String key) {
    return new InvalidFilter(
        "invalid filter '%s=[%s]'".formatted(key, String.join(" ", of(key))), null);
  }
}
