package dev.keg.driver;

import java.util.Optional;

/**
 * The source of a pass phrase if no key file is given: a prompt or a file descriptor. Shows secrets
 * that a driver makes, too.
 */
@FunctionalInterface
public interface Secrets {
  /** Nobody to ask. */
  Secrets NONE = _ -> Optional.empty();

  /** The secret without its final newline; the caller overwrites it after use. */
  Optional<char[]> ask(String prompt);

  /**
   * Shows the operator a secret that nobody can ask for later; false if there is no terminal. The
   * caller overwrites it.
   */
  default boolean show(String what, char[] secret) {
    return false;
  }
}
