package dev.keg.driver;

import java.util.Optional;

/**
 * The source of a pass phrase if no key file is given: a prompt or a file descriptor. Also shows
 * secrets that a driver generates.
 */
@FunctionalInterface
public interface Secrets {
  /** No source. Not a lambda, which an AOT cache would not contain. */
  Secrets NONE =
      new Secrets() {
        @Override
        public Optional<char[]> ask(String prompt) {
          return Optional.empty();
        }
      };

  /** The secret without its final newline; the caller overwrites it after use. */
  Optional<char[]> ask(String prompt);

  /**
   * Shows the operator a secret that cannot be retrieved later; false if there is no terminal. The
   * caller overwrites it.
   */
  default boolean show(String what, char[] secret) {
    return false;
  }
}
