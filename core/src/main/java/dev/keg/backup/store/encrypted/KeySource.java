package dev.keg.backup.store.encrypted;

import java.util.Optional;

/**
 * Where the keys of encrypted repositories come from; who puts the parts together implements it.
 */
public interface KeySource {
  /** Nothing, and nobody to ask. */
  KeySource NONE =
      new KeySource() {
        @Override
        public Optional<Secret> given() {
          return Optional.empty();
        }

        @Override
        public Optional<Secret> ask(String prompt) {
          return Optional.empty();
        }

        @Override
        public Optional<Secret> choose(String subject, boolean wanted) {
          return Optional.empty();
        }
      };

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

      @Override
      public Optional<Secret> ask(String prompt) {
        return Optional.empty();
      }

      @Override
      public Optional<Secret> choose(String subject, boolean wanted) {
        return Optional.empty();
      }
    };
  }

  /** The content of the file that is named, or what the command that is named prints. */
  Optional<Secret> given();

  /** Whether the operator gave it to this very command, and not to all by a variable. */
  default boolean isNamed() {
    return false;
  }

  /** Asks for a pass phrase. */
  Optional<Secret> ask(String prompt);

  /**
   * Asks for a new pass phrase, twice if a person types it.
   *
   * @param wanted whether the operator said that there is to be one; else only a person is asked
   */
  Optional<Secret> choose(String subject, boolean wanted);

  /** What opens the subject. */
  default Optional<Secret> opening(String subject) {
    Optional<Secret> given = given();
    return given.isPresent() ? given : ask("Pass phrase of " + subject + ": ");
  }
}
