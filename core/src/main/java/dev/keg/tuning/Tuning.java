package dev.keg.tuning;

import dev.keg.volume.Size;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The settings that an operator wants below a volume. */
public record Tuning(SortedMap<Setting, String> values) {
  public static final Tuning NONE = new Tuning(new TreeMap<>());

  public Tuning {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    Optional.ofNullable(values.get(Setting.READAHEAD)).map(Long::valueOf).ifPresent(Size::new);
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  public Optional<String> value(Setting setting) {
    return Optional.ofNullable(values.get(setting));
  }

  /** Adds the values of the other, which take precedence. */
  public Tuning with(Tuning other) {
    SortedMap<Setting, String> all = new TreeMap<>(values);
    all.putAll(other.values);
    return new Tuning(all);
  }

  public Tuning with(Setting setting, String value) {
    return with(new Tuning(new TreeMap<>(Map.of(setting, value))));
  }
}
