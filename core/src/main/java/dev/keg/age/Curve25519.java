package dev.keg.age;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/** X25519 of RFC 7748 on bytes as stored in files. */
final class Curve25519 {
  static final int LENGTH = 32;

  private static final String ALGORITHM = "X25519";

  private Curve25519() {}

  static byte[] publicKey(byte[] secret) {
    byte[] base = new byte[LENGTH];
    base[0] = 9;
    try {
      return shared(secret, base);
    } catch (AgeException e) {
      throw new IllegalStateException("the base point has no small order", e);
    }
  }

  /** The shared secret; a point for which all secrets give the same result is refused. */
  static byte[] shared(byte[] secret, byte[] point) throws AgeException {
    try {
      KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
      KeyAgreement agreement = KeyAgreement.getInstance(ALGORITHM);
      agreement.init(
          keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, secret)));
      agreement.doPhase(point(keys, point), true);
      byte[] shared = agreement.generateSecret();
      if (Arrays.equals(shared, new byte[LENGTH])) {
        throw smallOrder();
      }
      return shared;
    } catch (InvalidKeyException _) {
      throw smallOrder();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  private static PublicKey point(KeyFactory keys, byte[] bytes) throws GeneralSecurityException {
    byte[] number = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      number[i] = bytes[LENGTH - 1 - i];
    }
    number[0] &= 0x7f; // RFC 7748, section 5: the highest bit is ignored
    return keys.generatePublic(
        new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, number)));
  }

  private static AgeException smallOrder() {
    return AgeException.header("the share is a point of small order");
  }
}
