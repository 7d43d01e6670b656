package dev.keg.cli.output.table;

import dev.keg.cli.template.Method;
import dev.keg.cli.template.Struct;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The header of a table for a template: the headers instead of the values. */
public record HeaderData(Columns<?> columns) implements Struct {
  @Override
  public String type() {
    return "formatter.SubHeaderContext";
  }

  @Override
  public SequencedMap<String, String> fields() {
    SequencedMap<String, String> headers = new TreeMap<>();
    columns.withHidden().forEach(column -> headers.put(column.field(), column.header()));
    return headers;
  }

  @Override
  public boolean isMap() {
    return true;
  }

  @Override
  public @Nullable Method method(String name) {
    return columns.findKeyed(name).isPresent() ? new Method(1, a -> title(a.getFirst())) : null;
  }

  /** {@code com.example.back-end} becomes {@code back end}. */
  private static String title(String key) {
    return key.substring(key.lastIndexOf('.') + 1).replace('-', ' ').replace('_', ' ');
  }
}
