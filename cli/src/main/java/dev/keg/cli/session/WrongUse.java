package dev.keg.cli.session;

import java.util.Optional;

/** Words of a command line that do not go together; the command's usage belongs to the message. */
public final class WrongUse extends RuntimeException {
  public WrongUse(String message) {
    super(message);
  }

  /** Throws if there is something wrong. */
  public static void throwIfAny(Optional<String> conflict) {
    conflict.ifPresent(
        message -> {
          throw new WrongUse(message);
        });
  }

  /** Throws the message if that is the case. */
  public static void throwIf(boolean wrong, String message) {
    if (wrong) {
      throw new WrongUse(message);
    }
  }
}
