package dev.keg.mountspec.compose;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** A YAML value. Aliases share one object, so a file with many aliases stays small in memory. */
sealed interface Yaml {
  /**
   * A scalar.
   *
   * @param plain whether it is unquoted, so that {@code null} is null
   */
  record Text(String text, boolean plain) implements Yaml {
    boolean isNull() {
      return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
    }
  }

  record Items(List<Yaml> items) implements Yaml {
    public Items {
      items = List.copyOf(items);
    }
  }

  record Fields(SequencedMap<String, Yaml> fields) implements Yaml {
    public Fields {
      fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
    }

    Fields(Map<String, Yaml> fields) {
      this(new LinkedHashMap<>(fields));
    }
  }
}
