package dev.keg.cli.template;

import java.math.BigInteger;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What Go determines about a value by reflection. */
public final class GoValues {
  private GoValues() {}

  /** Go's name of the type of a value other than null. */
  public static String type(@Nullable Object value) {
    return switch (value) {
      case String _ -> "string";
      case Boolean _ -> "bool";
      case Integer _ -> "int";
      case BigInteger _ -> "int";
      case Long _ -> "int64";
      case Byte _ -> "uint8";
      case Double _ -> "float64";
      case Complex _ -> "complex128";
      case GoStrings _ -> "[]string";
      case List<?> _ -> "[]interface {}";
      case GoMap map -> map.type();
      case SortedMap<?, ?> _ -> "map[string]interface {}";
      case Struct struct -> struct.type();
      case NilPointer pointer -> pointer.type();
      case Any _ -> "interface {}";
      case null -> "<nil>";
      default -> throw new IllegalArgumentException("no template value: " + value.getClass());
    };
  }

  public static boolean isInt(@Nullable Object value) {
    return value instanceof Integer || value instanceof BigInteger;
  }

  /** Go's int for a number: the smallest box that holds it. */
  public static Number integer(long value) {
    int small = (int) value;
    return small == value ? (Number) small : BigInteger.valueOf(value);
  }

  public static @Nullable GoMap map(@Nullable Object value) {
    return switch (value) {
      case GoMap map -> map;
      case SortedMap<?, ?> map -> GoMap.ofAnything(stringKeys(map));
      case null, default -> null;
    };
  }

  // Every map of the data model has strings as keys.
  @SuppressWarnings("unchecked")
  private static SortedMap<String, ?> stringKeys(SortedMap<?, ?> map) {
    return (SortedMap<String, ?>) map;
  }

  public static @Nullable List<?> list(@Nullable Object value) {
    return switch (value) {
      case GoStrings strings -> strings.items();
      case List<?> list -> list;
      case null, default -> null;
    };
  }

  /** An item of a list for a template: one from a list of anything is in a box. */
  public static @Nullable Object item(Object value, int index) {
    return switch (value) {
      case GoStrings strings -> strings.items().get(index);
      case List<?> list -> new Any(list.get(index));
      default -> throw new IllegalArgumentException("no list: " + type(value));
    };
  }

  /**
   * The condition of {@code if}, {@code and} and {@code not}: true unless the value is the zero of
   * its type.
   */
  public static boolean truth(@Nullable Object boxed) {
    Object value = Any.open(boxed);
    return switch (value) {
      case null -> false;
      case Boolean bool -> bool;
      case String text -> !text.isEmpty();
      case Double real -> real != 0;
      case Complex complex -> !complex.isZero();
      case BigInteger integer -> integer.signum() != 0;
      case Number integer -> integer.longValue() != 0;
      case GoStrings strings -> !strings.items().isEmpty();
      case List<?> list -> !list.isEmpty();
      case GoMap map -> !map.entries().isEmpty();
      case SortedMap<?, ?> map -> !map.isEmpty();
      case NilPointer _ -> false;
      default -> true;
    };
  }
}
