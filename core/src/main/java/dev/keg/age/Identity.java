package dev.keg.age;

import java.util.Optional;

/** Something that opens files: a secret key or a pass phrase. */
public sealed interface Identity permits SecretKey, PassPhrase {
  /** The file's key, if the stanza wraps it for this. */
  Optional<FileKey> unwrap(Stanza stanza) throws AgeException;
}
