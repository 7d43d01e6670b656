package dev.keg.age;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256, and HKDF of RFC 5869 with it, whose keys of 32 bytes are one block. */
final class Hkdf {
  private static final String ALGORITHM = "HmacSHA256";
  private static final byte[] NO_SALT = new byte[32];

  private Hkdf() {}

  static byte[] key(byte[] secret, byte[] salt, String info) {
    byte[] extracted = hmac(salt.length == 0 ? NO_SALT : salt, secret);
    return hmac(extracted, info.getBytes(StandardCharsets.US_ASCII), new byte[] {1});
  }

  static byte[] hmac(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
