package dev.keg.backup.store.encrypted;

import java.util.Optional;

/**
 * Where the keys of encrypted repositories come from; who puts the parts together implements it.
 */
@FunctionalInterface
public interface KeySource {
  /** Nothing, and nobody to ask. */
  KeySource NONE = Optional::empty;

  /** One that the operator gave to this very command. */
  static KeySource of(Secret secret) {
    return new KeySource() {
      @Override
      public Optional<Secret> given() {
        return Optional.of(secret);
      }

      @Override
      public boolean isNamed() {
        return true;
      }
    };
  }

  /** The content of the file that is named, or what the command that is named prints. */
  Optional<Secret> given();

  /** Whether the operator gave it to this very command, and not to all by a variable. */
  default boolean isNamed() {
    return false;
  }

  /** Asks for a pass phrase, if there is somebody to ask. */
  default Optional<Secret> ask(String prompt) {
    return Optional.empty();
  }

  /**
   * Asks for a new pass phrase, if there is somebody to ask, twice if a person types it.
   *
   * @param wanted whether the operator said that there must be one; otherwise only a person is
   *     asked
   */
  default Optional<Secret> choose(String subject, boolean wanted) {
    return Optional.empty();
  }

  /** What opens the subject. */
  default Optional<Secret> opening(String subject) {
    Optional<Secret> given = given();
    return given.isPresent() ? given : ask("Pass phrase of " + subject + ": ");
  }
}
