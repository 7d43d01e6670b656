package dev.keg.driver;

import java.util.Optional;

/** Where a pass phrase comes from when no key file was named: a prompt or a file descriptor. */
@FunctionalInterface
public interface Secrets {
  /** Nobody to ask. */
  Secrets NONE = _ -> Optional.empty();

  /** The secret, without the newline that ended it; the caller overwrites it after use. */
  Optional<char[]> ask(String prompt);
}
