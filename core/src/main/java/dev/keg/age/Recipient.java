package dev.keg.age;

/** A key that files are encrypted for: a public key or a pass phrase. */
public sealed interface Recipient permits PublicKey, PassPhrase {
  Stanza wrap(FileKey key);
}
