package dev.keg.cli.template;

import org.jspecify.annotations.Nullable;

/**
 * A value in a Go variable of type {@code interface {}}: an element of a map or list of anything.
 * Go's messages and its treatment of nil distinguish it from the bare value.
 */
public record Any(@Nullable Object value) {
  static final Any NIL = new Any(null);

  /** The value without the box. */
  public static @Nullable Object open(@Nullable Object value) {
    return value instanceof Any(Object inner) ? inner : value;
  }
}
