package dev.keg.cli.output.table;

import dev.keg.cli.colour.Tone;
import dev.keg.cli.template.Struct;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one kind of row, declared once: the field for templates and JSON, its header in a
 * table, and the function that fills it.
 */
public final class Columns<T> {
  record Column<T>(
      String field,
      String header,
      Function<? super T, String> value,
      Function<? super T, ? extends @Nullable Object> typed,
      boolean hidden,
      @Nullable Function<? super T, Optional<Tone>> tone) {
    /** The text in a table. */
    String cell(T row) {
      return VisibleText.line(value.apply(row));
    }

    /** The same between marks if it has a tone. */
    String marked(T row) {
      String text = cell(row);
      return tone == null ? text : tone.apply(row).map(t -> t.mark(text)).orElse(text);
    }

    Column<T> in(Function<? super T, Optional<Tone>> other) {
      return new Column<>(field, header, value, typed, hidden, other);
    }
  }

  /** A field with an argument, like {@code .Label "k"}; its header is derived from the argument. */
  record Keyed<T>(String field, BiFunction<? super T, String, String> value) {}

  private final String type;
  private final SequencedMap<String, Column<T>> columns;
  private final @Nullable Keyed<T> keyed;
  private final @Nullable Function<? super T, Struct> whole;

  private Columns(
      String type,
      SequencedMap<String, Column<T>> columns,
      @Nullable Keyed<T> keyed,
      @Nullable Function<? super T, Struct> whole) {
    this.type = type;
    this.columns = columns;
    this.keyed = keyed;
    this.whole = whole;
  }

  /** No columns yet, for rows with this type name in docker's messages. */
  public static <T> Columns<T> of(String type) {
    return new Columns<>(type, new LinkedHashMap<>(), null, null);
  }

  /** Adds a column. */
  public Columns<T> with(String field, String header, Function<? super T, String> value) {
    return with(new Column<>(field, header, value, value, false, null));
  }

  /** Adds a column that programs get as a number, a time or a list. */
  public Columns<T> with(
      String field,
      String header,
      Function<? super T, String> value,
      Function<? super T, ? extends @Nullable Object> typed) {
    return with(new Column<>(field, header, value, typed, false, null));
  }

  /** Adds a column that is only shown if a template names it. */
  public Columns<T> withHidden(String field, String header, Function<? super T, String> value) {
    return with(new Column<>(field, header, value, value, true, null));
  }

  /** Colours a column of the default table in the tone of the row. */
  public Columns<T> coloured(String field, Function<? super T, Optional<Tone>> tone) {
    return with(get(field).in(tone));
  }

  private Columns<T> with(Column<T> column) {
    SequencedMap<String, Column<T>> more = new LinkedHashMap<>(columns);
    more.put(column.field(), column);
    return new Columns<>(type, more, keyed, whole);
  }

  /** Adds the field that takes an argument. */
  public Columns<T> withKey(String field, BiFunction<? super T, String, String> value) {
    return new Columns<>(type, columns, new Keyed<>(field, value), whole);
  }

  /** Sets the structure that a template prints for a whole row. */
  public Columns<T> printedAs(Function<? super T, Struct> structure) {
    return new Columns<>(type, columns, keyed, structure);
  }

  /** The structure that a template prints for a whole row; empty for the default. */
  Optional<Struct> whole(T row) {
    return whole == null ? Optional.empty() : Optional.of(whole.apply(row));
  }

  /** The fields that a template may name. */
  public Set<String> fields() {
    return Collections.unmodifiableSet(columns.keySet());
  }

  String type() {
    return type;
  }

  /** The visible columns. */
  Iterable<Column<T>> all() {
    return columns.values().stream().filter(column -> !column.hidden()).toList();
  }

  Iterable<Column<T>> withHidden() {
    return columns.values();
  }

  Column<T> get(String field) {
    return find(field).orElseThrow(() -> new IllegalArgumentException("no column " + field));
  }

  Optional<Column<T>> find(String field) {
    return Optional.ofNullable(columns.get(field));
  }

  Optional<Keyed<T>> findKeyed(String field) {
    return Optional.ofNullable(keyed).filter(k -> k.field().equals(field));
  }
}
