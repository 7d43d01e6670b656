package dev.keg.age;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** An X25519 key: {@code AGE-SECRET-KEY-1…}. */
public final class SecretKey implements Identity {
  private static final String PREFIX = "age-secret-key-";

  private final byte[] secret;
  private final PublicKey recipient;

  private SecretKey(byte[] secret) {
    this.secret = secret;
    this.recipient = new PublicKey(Curve25519.publicKey(secret));
  }

  public static SecretKey random() {
    return new SecretKey(FileKey.random(Curve25519.LENGTH));
  }

  /** Whether the text looks like such a key. */
  public static boolean isMeant(String text) {
    return text.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }

  public static SecretKey parse(String text) throws AgeException {
    byte[] secret = Bech32.decode(PREFIX, text);
    if (secret.length != Curve25519.LENGTH) {
      throw AgeException.header("the key is mistyped or cut off");
    }
    return new SecretKey(secret);
  }

  public PublicKey recipient() {
    return recipient;
  }

  @Override
  public Optional<FileKey> unwrap(Stanza stanza) throws AgeException {
    if (!stanza.type().equals(PublicKey.TYPE)) {
      return Optional.empty();
    }
    if (stanza.arguments().size() != 2) {
      throw AgeException.header("an X25519 stanza has one argument");
    }
    byte[] share = Stanza.decode(stanza.arguments().get(1), Curve25519.LENGTH);
    byte[] wrapping = recipient.wrapping(Curve25519.shared(secret, share), share);
    return FileKey.unwrap(wrapping, stanza.body());
  }

  /** A derived secret of 32 bytes for a purpose. */
  public byte[] derive(String purpose) {
    return Hkdf.key(secret, new byte[0], purpose);
  }

  /** A proof of 32 bytes for the text, which requires the derived secret. */
  public static byte[] proof(byte[] derived, String text) {
    return Hkdf.hmac(derived, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The key itself, for a file that only its owner can read. */
  public String text() {
    return Bech32.encode(PREFIX, secret).toUpperCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return "secret key of " + recipient;
  }
}
