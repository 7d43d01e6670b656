package dev.keg.cli.template;

import dev.keg.cli.json.JsonValue;
import java.util.List;

/** A Go {@code []string}; a bare {@link List} is an {@code []interface {}}. */
public record GoStrings(List<String> items) implements JsonValue {
  public GoStrings {
    items = List.copyOf(items);
  }

  @Override
  public Object json() {
    return items;
  }
}
