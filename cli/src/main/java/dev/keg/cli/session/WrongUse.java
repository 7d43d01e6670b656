package dev.keg.cli.session;

import java.util.Optional;

/** A conflict on a command line; the message includes the command's usage. */
public final class WrongUse extends RuntimeException {
  public WrongUse(String message) {
    super(message);
  }

  /** Throws if there is a conflict. */
  public static void throwIfAny(Optional<String> conflict) {
    conflict.ifPresent(
        message -> {
          throw new WrongUse(message);
        });
  }

  /** Throws the message if the condition is true. */
  public static void throwIf(boolean wrong, String message) {
    if (wrong) {
      throw new WrongUse(message);
    }
  }
}
