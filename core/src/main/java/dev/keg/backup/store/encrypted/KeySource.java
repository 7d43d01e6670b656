package dev.keg.backup.store.encrypted;

import java.util.Optional;

/** The source of keys for encrypted repositories, which the application implements. */
@FunctionalInterface
public interface KeySource {
  /** No key, and nobody to ask. Not a lambda, which an AOT cache would not contain. */
  KeySource NONE =
      new KeySource() {
        @Override
        public Optional<Secret> given() {
          return Optional.empty();
        }
      };

  /** A secret that the operator gave to this command. */
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

  /** The content of a named file, or the output of a named command. */
  Optional<Secret> given();

  /** Whether the operator gave it to this command, rather than to all commands by a variable. */
  default boolean isNamed() {
    return false;
  }

  /** Asks for a pass phrase, if somebody can be asked. */
  default Optional<Secret> ask(String prompt) {
    return Optional.empty();
  }

  /**
   * Asks for a new pass phrase, if somebody can be asked; twice if a person types it.
   *
   * @param wanted whether the operator requested one; otherwise only a person is asked
   */
  default Optional<Secret> choose(String subject, boolean wanted) {
    return Optional.empty();
  }

  /** The secret that opens the subject. */
  default Optional<Secret> opening(String subject) {
    Optional<Secret> given = given();
    return given.isPresent() ? given : ask("Pass phrase of " + subject + ": ");
  }
}
