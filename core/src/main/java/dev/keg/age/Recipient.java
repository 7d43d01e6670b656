package dev.keg.age;

/** Something that files are made for: a public key or a pass phrase. */
public sealed interface Recipient permits PublicKey, PassPhrase {
  Stanza wrap(FileKey key);
}
