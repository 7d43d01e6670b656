package dev.keg.backup.store.encrypted;

import dev.keg.age.AgeException;
import dev.keg.age.FileKey;
import dev.keg.age.Head;
import dev.keg.age.PublicKey;
import dev.keg.age.SecretKey;
import dev.keg.age.Stanza;
import dev.keg.backup.store.ObjectName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The secret of a repository. After a rotation it has several keys, the newest first; that one
 * encrypts what is written.
 */
public final class RepositoryKey {
  private static final String STANZA = "keg-object";
  private static final String SIGNING = "keg-object";
  private static final String NAMING = "keg-name";

  /** The length of a proof in a name: half of the whole. */
  private static final int SEAL = 16;

  private final List<SecretKey> secrets;

  private RepositoryKey(List<SecretKey> secrets) {
    this.secrets = List.copyOf(secrets);
  }

  public static RepositoryKey random() {
    return new RepositoryKey(List.of(SecretKey.random()));
  }

  /** Reads the lines of {@link #text}. */
  static RepositoryKey parse(String text) throws AgeException {
    List<SecretKey> secrets = Secret.keys(text);
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("a repository has a key");
    }
    return new RepositoryKey(secrets);
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
    return new RepositoryKey(List.copyOf(keys.values()));
  }

  /**
   * The secrets of one repository as one, also those of a rotation that was broken off: the longest
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

  private PublicKey recipient() {
    return secrets.getFirst().recipient();
  }

  /** Tells this secret from others, and does not tell the secret. */
  public String fingerprint() {
    return secrets.getLast().recipient().fingerprint();
  }

  /** The head of a new object. */
  Head head(ObjectName name) {
    FileKey key = FileKey.random();
    byte[] proof = key.sign(secrets.getFirst().derive(SIGNING), name.text());
    return Head.create(
        key, List.of(recipient().wrap(key), new Stanza(List.of(STANZA, name.text()), proof)));
  }

  /** What goes into the name of an object that says something by its name alone. */
  String seal(ObjectName name) {
    return seal(secrets.getFirst(), name);
  }

  boolean isSeal(ObjectName name, String seal) {
    byte[] given = seal.getBytes(StandardCharsets.US_ASCII);
    return secrets.stream()
        .map(secret -> seal(secret, name).getBytes(StandardCharsets.US_ASCII))
        .anyMatch(right -> MessageDigest.isEqual(right, given));
  }

  private static String seal(SecretKey secret, ObjectName name) {
    return HexFormat.of().formatHex(secret.prove(NAMING, name.text()), 0, SEAL);
  }

  /** Reads the head of an object that this secret made under the name. */
  Head open(ObjectName name, InputStream in) throws IOException {
    Head head = Head.read(in, secrets);
    for (Stanza stanza : head.stanzas()) {
      if (stanza.arguments().equals(List.of(STANZA, name.text())) && isProof(head, name, stanza)) {
        return head;
      }
    }
    throw new Misplaced();
  }

  private boolean isProof(Head head, ObjectName name, Stanza stanza) {
    return secrets.stream()
        .map(secret -> head.key().sign(secret.derive(SIGNING), name.text()))
        .anyMatch(proof -> MessageDigest.isEqual(proof, stanza.body()));
  }

  /**
   * The object is a file of this repository, or of somebody who knows its public key, but not this.
   */
  static final class Misplaced extends IOException {
    private static final long serialVersionUID = 1;

    Misplaced() {
      super("another object is in its place");
    }
  }
}
