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
 * The secret of a repository. After a rotation it has several keys, the newest first, which
 * encrypts new data. A write-only host has none of them, but only what writing needs.
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

  /** A key that opens nothing. */
  static RepositoryKey toWrite(WriteKey writing) {
    return new RepositoryKey(List.of(), writing);
  }

  /** Whether it opens nothing. */
  boolean isWriteOnly() {
    return secrets.isEmpty();
  }

  /**
   * The key that lets a host write to the repository.
   *
   * @param description the repository's description, which that host cannot read
   */
  public WriteKey writing(byte[] description) {
    return WriteKey.of(secrets.getFirst(), fingerprint(), description);
  }

  /** The repository's description, if this key opens nothing. */
  public Optional<byte[]> description() {
    return isWriteOnly() ? Optional.of(writing.description()) : Optional.empty();
  }

  /** Parses the lines of {@link #text}. */
  static RepositoryKey parse(String text) throws AgeException {
    List<SecretKey> secrets = Secret.keys(text);
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("a repository has a key");
    }
    return of(secrets);
  }

  /** A file of identities for {@code age -i}. */
  String text() {
    return secrets.stream().map(key -> key.text() + "\n").collect(Collectors.joining());
  }

  /** This secret's keys, then those of the other, each once. */
  RepositoryKey with(RepositoryKey other) {
    Map<String, SecretKey> keys = new LinkedHashMap<>();
    Stream.concat(secrets.stream(), other.secrets.stream())
        .forEach(key -> keys.putIfAbsent(key.text(), key));
    return of(List.copyOf(keys.values()));
  }

  /**
   * Combines the secrets of one repository, including those of an interrupted rotation; the longest
   * comes first, since it has the newest key.
   *
   * @return empty if they belong to different repositories
   */
  static Optional<RepositoryKey> joined(List<RepositoryKey> keys) {
    if (keys.stream().map(RepositoryKey::fingerprint).distinct().count() > 1) {
      return Optional.empty();
    }
    return keys.stream()
        .sorted(Comparator.comparingInt((RepositoryKey key) -> key.secrets.size()).reversed())
        .reduce(RepositoryKey::with);
  }

  /** Adds a new key, which encrypts new data; the old ones still open existing data. */
  public RepositoryKey rotated() {
    return random().with(this);
  }

  /** Identifies the secret without revealing it. */
  public String fingerprint() {
    return writing.fingerprint();
  }

  /** The head of a new object. */
  Head head(ObjectName name) {
    return writing.head(name);
  }

  /** The seal for the name of an object whose name alone is its content. */
  String seal(ObjectName name) {
    return writing.seal(name);
  }

  boolean isSeal(ObjectName name, String seal) {
    return writing.isSeal(name, seal)
        || secrets.stream().anyMatch(secret -> WriteKey.of(secret).isSeal(name, seal));
  }

  /** Reads the head of an object that was written with this secret under that name. */
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
   * The object is an age file of this repository, or of somebody who knows its public key, but not
   * this object.
   */
  static final class Misplaced extends IOException {
    Misplaced() {
      super("another object is in its place");
    }
  }
}
