package dev.keg.cli.template;

import dev.keg.cli.json.JsonValue;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A Go struct, or a pointer to one: named fields in order, and methods. */
public interface Struct extends JsonValue {
  /** Go's name of the type, for messages; it begins with {@code *} for a pointer. */
  String type();

  /** Every field with its value, in the order of the declaration. */
  SequencedMap<String, ? extends @Nullable Object> fields();

  /** The method of that name, which hides a field of the same name. */
  default @Nullable Method method(String name) {
    return null;
  }

  /** What Go prints of it: also the fields that a template cannot access. */
  default Struct printed() {
    return this;
  }

  /**
   * Whether Go has a map with methods here: then every name is a field, possibly without a value.
   */
  default boolean isMap() {
    return false;
  }

  @Override
  default @Nullable Object json() {
    return fields();
  }
}
