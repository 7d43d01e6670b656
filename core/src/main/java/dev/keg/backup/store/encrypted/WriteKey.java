package dev.keg.backup.store.encrypted;

import dev.keg.age.AgeException;
import dev.keg.age.Bech32;
import dev.keg.age.FileKey;
import dev.keg.age.Head;
import dev.keg.age.PublicKey;
import dev.keg.age.SecretKey;
import dev.keg.age.Stanza;
import dev.keg.backup.store.ObjectName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A key that only writes to a repository: the public half of the repository's secret, and the keys
 * that prove that an object's writer was authorized. It opens nothing. Its text is a line, {@code
 * KEG-WRITE-KEY-1…}, Bech32 of these concatenated parts:
 *
 * <pre>
 * 32 bytes  the X25519 recipient
 * 32 bytes  the key of the proofs in objects
 * 32 bytes  the key of the seals in names
 *  8 bytes  the fingerprint of the secret
 *           the text of repository.json
 * </pre>
 */
public final class WriteKey {
  /** The stanza with the proof, and the purpose for which its key is derived. */
  static final String PROOF = "keg-object";

  private static final String NAMING = "keg-name";
  private static final String PREFIX = "keg-write-key-";
  private static final int KEY = 32;
  private static final int FINGERPRINT = 8;

  /** The length of a proof in a name: half of the full length. */
  private static final int SEAL = 16;

  private final PublicKey recipient;
  private final byte[] proving;
  private final byte[] naming;
  private final String fingerprint;
  private final byte[] description;

  private WriteKey(
      PublicKey recipient, byte[] proving, byte[] naming, String fingerprint, byte[] description) {
    this.recipient = recipient;
    this.proving = proving;
    this.naming = naming;
    this.fingerprint = fingerprint;
    this.description = description;
  }

  static WriteKey of(SecretKey secret, String fingerprint, byte[] description) {
    return new WriteKey(
        secret.recipient(),
        secret.derive(PROOF),
        secret.derive(NAMING),
        fingerprint,
        description.clone());
  }

  static WriteKey of(SecretKey secret) {
    return of(secret, secret.recipient().fingerprint(), new byte[0]);
  }

  /** Whether the text looks like such a key. */
  static boolean isMeant(String text) {
    return text.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }

  static WriteKey parse(String text) throws AgeException {
    ByteBuffer parts = ByteBuffer.wrap(Bech32.decode(PREFIX, text));
    if (parts.remaining() <= 3 * KEY + FINGERPRINT) {
      throw new IllegalArgumentException("the key is mistyped or cut off");
    }
    return new WriteKey(
        PublicKey.of(take(parts, KEY)),
        take(parts, KEY),
        take(parts, KEY),
        HexFormat.of().formatHex(take(parts, FINGERPRINT)),
        take(parts, parts.remaining()));
  }

  private static byte[] take(ByteBuffer parts, int length) {
    byte[] part = new byte[length];
    parts.get(part);
    return part;
  }

  /** The key itself, for a file that only its owner can read. */
  public String text() {
    ByteBuffer parts = ByteBuffer.allocate(3 * KEY + FINGERPRINT + description.length);
    parts.put(recipient.bytes()).put(proving).put(naming);
    parts.put(HexFormat.of().parseHex(fingerprint)).put(description);
    return Bech32.encode(PREFIX, parts.array()).toUpperCase(Locale.ROOT);
  }

  String fingerprint() {
    return fingerprint;
  }

  byte[] description() {
    return description.clone();
  }

  Head head(ObjectName name) {
    FileKey key = FileKey.random();
    byte[] proof = key.sign(proving, name.text());
    return Head.create(
        key, List.of(recipient.wrap(key), new Stanza(List.of(PROOF, name.text()), proof)));
  }

  String seal(ObjectName name) {
    return HexFormat.of().formatHex(SecretKey.proof(naming, name.text()), 0, SEAL);
  }

  boolean isSeal(ObjectName name, String seal) {
    return MessageDigest.isEqual(
        seal(name).getBytes(StandardCharsets.US_ASCII), seal.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public String toString() {
    return "a write key";
  }
}
