package dev.keg.cli.output.table;

import dev.keg.cli.json.Json;
import dev.keg.cli.template.Method;
import dev.keg.cli.template.Struct;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A row for a template: every column is a method, as in docker. */
public record RowData<T>(Columns<T> columns, T row) implements Struct {
  @Override
  public String type() {
    return columns.type();
  }

  @Override
  public SequencedMap<String, String> fields() {
    SequencedMap<String, String> fields = new LinkedHashMap<>();
    columns.all().forEach(column -> fields.put(column.field(), column.value().apply(row)));
    return fields;
  }

  @Override
  public @Nullable Method method(String name) {
    return columns
        .find(name)
        .map(column -> new Method(0, _ -> column.value().apply(row)))
        .or(
            () ->
                columns
                    .findKeyed(name)
                    .map(keyed -> new Method(1, a -> keyed.value().apply(row, a.getFirst()))))
        .orElse(null);
  }

  @Override
  public Struct printed() {
    return columns.whole(row).orElse(this);
  }

  // Docker's rows encode themselves, so the escapes stay even where `json` omits them.
  @Override
  public Object json() {
    return new Json.Encoded(Json.compact(new TreeMap<>(fields())));
  }
}
