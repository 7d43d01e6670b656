package dev.keg.tuning;

import dev.keg.error.Suggestion;
import java.util.List;

/** A setting at a place, and its current value. */
public interface Knob {
  Setting setting();

  /** For example {@code loop0}, {@code server:/export} or the path of a mount. */
  String place();

  /**
   * Identifies the place, unlike a later one of the same name: a device can be replaced by another.
   */
  default String identity() {
    return place();
  }

  /** The value when this was looked up. */
  String value();

  /** The possible values; empty if they cannot be listed. */
  List<String> choices();

  /** What else the setting affects: other mount points of file systems on the same device. */
  List<String> sharers();

  /**
   * Changes the value.
   *
   * @throws Untunable if nothing has changed
   */
  void set(String value) throws Untunable;

  /** Refuses a value that is not one of the choices. */
  default void requireChoice(String value) throws Untunable {
    if (!choices().isEmpty() && !choices().contains(value)) {
      throw new Untunable(
          "%s has no %s '%s'; it has %s"
              .formatted(place(), setting().word(), value, String.join(", ", choices())),
          Suggestion.before(
              "run `modprobe` first if the value is provided by a module",
              value,
              choices().stream()));
    }
  }

  /** Changes the value unless it is already set. */
  default void change(String value) throws Untunable {
    if (!value.equals(value())) {
      set(value);
    }
  }
}
