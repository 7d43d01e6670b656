package dev.keg.cli.option;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** One of a few words: parses the value of an option, and lists the words for completion. */
public abstract class OneOf<E> implements ITypeConverter<E>, Iterable<String> {
  private final SequencedMap<String, E> values = new LinkedHashMap<>();

  protected OneOf(E[] values, Function<E, String> word) {
    for (E value : values) {
      this.values.put(word.apply(value), value);
    }
  }

  /** The word of a constant, which is its own name. */
  public static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public E convert(String value) {
    E found = values.get(value);
    if (found == null) {
      throw new TypeConversionException("must be one of " + String.join(", ", this));
    }
    return found;
  }

  @Override
  public Iterator<String> iterator() {
    return values.keySet().iterator();
  }
}
