package dev.keg.cli.json;

import org.jspecify.annotations.Nullable;

/** Something that can say what it is in JSON, as Go's {@code json.Marshaler} can. */
@FunctionalInterface
public interface JsonValue {
  /** Plain data: whatever {@link Json} writes. Null is {@code null}. */
  @Nullable Object json();
}
