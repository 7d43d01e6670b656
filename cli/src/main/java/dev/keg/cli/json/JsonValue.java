package dev.keg.cli.json;

import org.jspecify.annotations.Nullable;

/** A value with a JSON form, like Go's {@code json.Marshaler}. */
@FunctionalInterface
public interface JsonValue {
  /** Plain data: any value that {@link Json} writes. Null is {@code null}. */
  @Nullable Object json();
}
