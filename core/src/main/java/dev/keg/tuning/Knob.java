package dev.keg.tuning;

import dev.keg.error.Suggestion;
import java.util.List;

/** Where one setting is made, and its value there now. */
public interface Knob {
  Setting setting();

  /** Such as {@code loop0}, {@code server:/export} or the path of a mount. */
  String place();

  /** The place, told from a later one of the same name: a device can go and another come. */
  default String identity() {
    return place();
  }

  /** The value when this was looked up. */
  String value();

  /** The values that it can have; empty if they cannot be listed. */
  List<String> choices();

  /** What else has the same setting: the places where other file systems of it are mounted. */
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
              "one that is a module is listed after `modprobe` loads it",
              value,
              choices().stream()));
    }
  }

  /** Changes the value unless it is that already. */
  default void change(String value) throws Untunable {
    if (!value.equals(value())) {
      set(value);
    }
  }
}
