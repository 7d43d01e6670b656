package dev.keg.backup.store.encrypted;

import dev.keg.age.AgeException;
import dev.keg.age.Head;
import dev.keg.age.SecretKey;
import dev.keg.age.Stanza;
import dev.keg.backup.store.ObjectName;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The secret of a repository. After a rotation it has several keys, the newest first; that one
 * encrypts what is written. A host that can only write has none of them, but what writing takes.
 */
public final class RepositoryKey {
  private final List<SecretKey> secrets;
  private final WriteKey writing;

  private RepositoryKey(List<SecretKey> secrets, WriteKey writing) {
    this.secrets = List.copyOf(secrets);
    this.writing = writing;
  }

  private static RepositoryKey of(List<SecretKey> secrets) {
    return new RepositoryKey(
        secrets,
        WriteKey.of(secrets.getFirst(), secrets.getLast().recipient().fingerprint(), new byte[0]));
  }

  public static RepositoryKey random() {
    return of(List.of(SecretKey.random()));
  }

  /** One that opens nothing. */
  static RepositoryKey toWrite(WriteKey writing) {
    return new RepositoryKey(List.of(), writing);
  }

  /** Whether it opens nothing. */
  boolean isWriteOnly() {
    return secrets.isEmpty();
  }

  /**
   * What a host needs to write to the repository.
   *
   * @param description what describes the repository, which that host cannot read
   */
  public WriteKey writing(byte[] description) {
    return WriteKey.of(secrets.getFirst(), fingerprint(), description);
  }

  /** What describes the repository, if this opens nothing. */
  public Optional<byte[]> description() {
    return isWriteOnly() ? Optional.of(writing.description()) : Optional.empty();
  }

  /** Reads the lines of {@link #text}. */
  static RepositoryKey parse(String text) throws AgeException {
    List<SecretKey> secrets = Secret.keys(text);
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("a repository has a key");
    }
    return of(secrets);
  }

  /** A file of identities as {@code age -i} takes it. */
  String text() {
    return secrets.stream().map(key -> key.text() + "\n").collect(Collectors.joining());
  }

  /** This one's keys before those of the other, each once. */
  RepositoryKey with(RepositoryKey other) {
    Map<String, SecretKey> keys = new LinkedHashMap<>();
    Stream.concat(secrets.stream(), other.secrets.stream())
        .forEach(key -> keys.putIfAbsent(key.text(), key));
    return of(List.copyOf(keys.values()));
  }

  /**
   * The secrets of one repository as one, including those of an interrupted rotation: the longest
   * comes first, since it has the newest key.
   *
   * @return empty if they are not of one repository
   */
  static Optional<RepositoryKey> joined(List<RepositoryKey> keys) {
    if (keys.stream().map(RepositoryKey::fingerprint).distinct().count() > 1) {
      return Optional.empty();
    }
    return keys.stream()
        .sorted(Comparator.comparingInt((RepositoryKey key) -> key.secrets.size()).reversed())
        .reduce(RepositoryKey::with);
  }

  /** A new key encrypts what is written from now on; the old ones open what is there. */
  public RepositoryKey rotated() {
    return random().with(this);
  }

  /** Tells this secret from others, and does not tell the secret. */
  public String fingerprint() {
    return writing.fingerprint();
  }

  /** The head of a new object. */
  Head head(ObjectName name) {
    return writing.head(name);
  }

  /** What goes into the name of an object that says something by its name alone. */
  String seal(ObjectName name) {
    return writing.seal(name);
  }

  boolean isSeal(ObjectName name, String seal) {
    return writing.isSeal(name, seal)
        || secrets.stream().anyMatch(secret -> WriteKey.of(secret).isSeal(name, seal));
  }

  /** Reads the head of an object that this secret made under the name. */
  Head open(ObjectName name, InputStream in) throws IOException {
    Head head = Head.read(in, secrets);
    for (Stanza stanza : head.stanzas()) {
      if (stanza.arguments().equals(List.of(WriteKey.PROOF, name.text()))
          && isProof(head, name, stanza)) {
        return head;
      }
    }
    throw new Misplaced();
  }

  private boolean isProof(Head head, ObjectName name, Stanza stanza) {
    return secrets.stream()
        .map(secret -> head.key().sign(secret.derive(WriteKey.PROOF), name.text()))
        .anyMatch(proof -> MessageDigest.isEqual(proof, stanza.body()));
  }

  /**
   * The object is a file of this repository, or of somebody who knows its public key, but not this.
   */
  static final class Misplaced extends IOException {
    Misplaced() {
      super("another object is in its place");
    }
  }
}
