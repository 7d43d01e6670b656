package dev.keg.cli.template.run;

import dev.keg.cli.template.Any;
import dev.keg.cli.template.GoMap;
import dev.keg.cli.template.GoStrings;
import dev.keg.cli.template.GoText;
import dev.keg.cli.template.GoValues;
import dev.keg.cli.template.NilPointer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code index}, {@code slice} and {@code len} of strings (by bytes), lists and maps. */
final class Indexing {
  private Indexing() {}

  /** The first argument, indexed by each of the others in turn. */
  static @Nullable Object index(List<? extends @Nullable Object> arguments) throws CallFailed {
    Object item = arguments.getFirst();
    if (Any.open(item) == null) {
      throw new CallFailed("index of untyped nil");
    }
    for (Object index : arguments.subList(1, arguments.size())) {
      item = element(Any.open(item), Any.open(index));
    }
    return item;
  }

  private static @Nullable Object element(@Nullable Object item, @Nullable Object index)
      throws CallFailed {
    return switch (item) {
      case null -> throw new CallFailed("index of nil pointer");
      case NilPointer _ -> throw new CallFailed("index of nil pointer");
      case String text -> {
        byte[] bytes = GoText.bytes(text);
        yield bytes[position(index, bytes.length, "string")];
      }
      default -> {
        List<?> list = GoValues.list(item);
        if (list != null) {
          yield GoValues.item(item, position(index, list.size(), "slice"));
        }
        GoMap map = GoValues.map(item);
        if (map != null) {
          yield entry(map, index);
        }
        throw new CallFailed("can't index item of type " + GoValues.type(item));
      }
    };
  }

  private static Object entry(GoMap map, @Nullable Object key) throws CallFailed {
    if (key == null) {
      throw new CallFailed("value is nil; should be of type string");
    }
    if (!(key instanceof String name)) {
      throw new CallFailed("value has type " + GoValues.type(key) + "; should be string");
    }
    Object value = map.get(name);
    return value == null ? map.zero() : value;
  }

  private static int position(@Nullable Object index, int size, String what) throws CallFailed {
    int position = bound(index, size);
    if (position == size) {
      // Go checks the size inclusively and then fails.
      throw new CallFailed("reflect: " + what + " index out of range");
    }
    return position;
  }

  private static int bound(@Nullable Object index, int size) throws CallFailed {
    if (index == null) {
      throw new CallFailed("cannot index slice/array with nil");
    }
    if (!(index instanceof Number number) || index instanceof Double) {
      throw new CallFailed("cannot index slice/array with type " + GoValues.type(index));
    }
    long value =
        number instanceof Byte unsigned ? Byte.toUnsignedLong(unsigned) : number.longValue();
    if (value < 0 || value > size) {
      throw new CallFailed("index out of range: " + value);
    }
    return (int) value;
  }

  /** {@code item[i:j]}, or with a third index {@code item[i:j:k]}, whose k only limits j. */
  static Object slice(List<? extends @Nullable Object> arguments) throws CallFailed {
    Object item = Any.open(arguments.getFirst());
    List<? extends @Nullable Object> indexes = arguments.subList(1, arguments.size());
    if (item == null) {
      throw new CallFailed("slice of untyped nil");
    }
    if (indexes.size() > 3) {
      throw new CallFailed("too many slice indexes: " + indexes.size());
    }
    List<?> list = GoValues.list(item);
    if (item instanceof String text) {
      if (indexes.size() == 3) {
        throw new CallFailed("cannot 3-index slice a string");
      }
      int[] bounds = bounds(indexes, GoText.length(text));
      return GoText.slice(text, bounds[0], bounds[1]);
    }
    if (list == null) {
      throw new CallFailed("can't slice item of type " + GoValues.type(item));
    }
    int[] bounds = bounds(indexes, list.size());
    return item instanceof GoStrings(List<String> items)
        ? new GoStrings(items.subList(bounds[0], bounds[1]))
        : list.subList(bounds[0], bounds[1]);
  }

  private static int[] bounds(List<? extends @Nullable Object> indexes, int size)
      throws CallFailed {
    int[] bounds = {0, size, size};
    for (int i = 0; i < indexes.size(); i++) {
      // Unlike index, slice does not unbox its numbers, and so refuses boxed ones.
      bounds[i] = bound(indexes.get(i), size);
    }
    for (int i = 0; i < 2; i++) {
      if (bounds[i] > bounds[i + 1]) {
        throw new CallFailed("invalid slice index: " + bounds[i] + " > " + bounds[i + 1]);
      }
    }
    return bounds;
  }

  static int length(@Nullable Object boxed) throws CallFailed {
    Object item = Any.open(boxed);
    if (boxed == null) {
      throw new CallFailed("reflect: call of reflect.Value.Type on zero Value");
    }
    if (item == null || item instanceof NilPointer) {
      throw new CallFailed("len of nil pointer");
    }
    if (item instanceof String text) {
      return GoText.length(text);
    }
    List<?> list = GoValues.list(item);
    if (list != null) {
      return list.size();
    }
    GoMap map = GoValues.map(item);
    if (map != null) {
      return map.entries().size();
    }
    // A pointer is followed to its target.
    String type = GoValues.type(item);
    throw new CallFailed("len of type " + (type.startsWith("*") ? type.substring(1) : type));
  }
}
