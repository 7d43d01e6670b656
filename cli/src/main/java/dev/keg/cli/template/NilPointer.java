package dev.keg.cli.template;

import dev.keg.cli.json.JsonValue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A nil pointer to a struct with these fields: accessing one of them fails as in Go. */
public record NilPointer(String type, Set<String> fields) implements JsonValue {
  public NilPointer {
    fields = Set.copyOf(fields);
  }

  @Override
  public @Nullable Object json() {
    return null;
  }
}
