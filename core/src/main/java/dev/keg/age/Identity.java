package dev.keg.age;

import java.util.Optional;

/** A key that opens files: a secret key or a pass phrase. */
public sealed interface Identity permits SecretKey, PassPhrase {
  /** The file's key, if the stanza wraps it for this identity. */
  Optional<FileKey> unwrap(Stanza stanza) throws AgeException;
}
