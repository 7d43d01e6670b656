package dev.keg.driver;

import java.util.Optional;

/** The source of a pass phrase if no key file is given: a prompt or a file descriptor. */
@FunctionalInterface
public interface Secrets {
  /** Nobody to ask. */
  Secrets NONE = _ -> Optional.empty();

  /** The secret without its final newline; the caller overwrites it after use. */
  Optional<char[]> ask(String prompt);
}
