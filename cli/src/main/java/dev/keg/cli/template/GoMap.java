package dev.keg.cli.template;

import dev.keg.cli.json.JsonValue;
import java.util.Collections;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A Go map with string keys that knows the type of its values and can be nil, which prints as an
 * empty map but is {@code null} in JSON. A bare {@link SortedMap} is a {@code map[string]interface
 * {}} that is not nil.
 */
public record GoMap(String type, @Nullable SortedMap<String, ?> orNil) implements JsonValue {
  private static final String STRINGS = "map[string]string";
  private static final String ANYTHING = "map[string]interface {}";

  public static GoMap ofStrings(@Nullable SortedMap<String, String> entries) {
    return new GoMap(STRINGS, entries);
  }

  public static GoMap ofAnything(@Nullable SortedMap<String, ?> entries) {
    return new GoMap(ANYTHING, entries);
  }

  public SortedMap<String, ?> entries() {
    return orNil == null ? Collections.emptySortedMap() : orNil;
  }

  /** A value for a template: one from a map of anything is in a box. */
  public @Nullable Object get(String key) {
    SortedMap<String, ?> entries = entries();
    return entries.containsKey(key) ? element(entries.get(key)) : null;
  }

  public @Nullable Object element(@Nullable Object value) {
    return type.equals(STRINGS) ? value : new Any(value);
  }

  /** Go's result for a missing index. */
  public Object zero() {
    return type.equals(STRINGS) ? "" : Any.NIL;
  }

  @Override
  public @Nullable Object json() {
    return orNil;
  }
}
