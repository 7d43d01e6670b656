package dev.keg.age;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The public half of a {@link SecretKey}: {@code age1…}. It can encrypt but not decrypt. */
public final class PublicKey implements Recipient {
  static final String TYPE = "X25519";

  private static final String PREFIX = "age";
  private static final String INFO = "age-encryption.org/v1/X25519";

  private final byte[] point;

  PublicKey(byte[] point) {
    this.point = point;
  }

  /** Whether the text looks like such a key. */
  public static boolean isMeant(String text) {
    return text.startsWith(PREFIX + "1");
  }

  public static PublicKey parse(String text) throws AgeException {
    byte[] point = Bech32.decode(PREFIX, text);
    if (point.length != Curve25519.LENGTH || !text.startsWith(PREFIX)) {
      throw AgeException.header("the key is mistyped or cut off");
    }
    return new PublicKey(point);
  }

  @Override
  public Stanza wrap(FileKey key) {
    byte[] ephemeral = FileKey.random(Curve25519.LENGTH);
    byte[] share = Curve25519.publicKey(ephemeral);
    try {
      byte[] wrapping = wrapping(Curve25519.shared(ephemeral, point), share);
      return new Stanza(List.of(TYPE, Stanza.encode(share)), key.wrap(wrapping));
    } catch (AgeException e) {
      throw new IllegalArgumentException("not a key: it is a point of small order", e);
    }
  }

  byte[] wrapping(byte[] shared, byte[] share) {
    byte[] salt = Arrays.copyOf(share, 2 * Curve25519.LENGTH);
    System.arraycopy(point, 0, salt, Curve25519.LENGTH, Curve25519.LENGTH);
    return Hkdf.key(shared, salt, INFO);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKey key && Arrays.equals(point, key.point);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(point);
  }

  /** The key with these 32 bytes. */
  public static PublicKey of(byte[] point) {
    if (point.length != Curve25519.LENGTH) {
      throw new IllegalArgumentException("a key has 32 bytes");
    }
    return new PublicKey(point.clone());
  }

  public byte[] bytes() {
    return point.clone();
  }

  /** A few letters that identify the key without revealing it. */
  public String fingerprint() {
    return HexFormat.of().formatHex(Hkdf.hmac(point, new byte[0]), 0, 8);
  }

  @Override
  public String toString() {
    return Bech32.encode(PREFIX, point);
  }
}
