package dev.keg.age;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The key of one file: 16 random bytes, from which all other keys are derived. */
public final class FileKey {
  private static final int LENGTH = 16;
  private static final int WRAPPED = LENGTH + 16;

  private final byte[] bytes;

  FileKey(byte[] bytes) {
    this.bytes = bytes;
  }

  public static FileKey random() {
    return new FileKey(random(LENGTH));
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  byte[] headerMac(byte[] signed) {
    return Hkdf.hmac(Hkdf.key(bytes, new byte[0], "header"), signed);
  }

  Payload payload(byte[] nonce) {
    return new Payload(Hkdf.key(bytes, nonce, "payload"));
  }

  /**
   * Proves that the text belongs to the file; creating it requires both the secret and this key.
   */
  public byte[] sign(byte[] secret, String text) {
    return Hkdf.hmac(secret, bytes, text.getBytes(StandardCharsets.UTF_8));
  }

  byte[] wrap(byte[] key) {
    try {
      return cipher(Cipher.ENCRYPT_MODE, key).doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has ChaCha20-Poly1305", e);
    }
  }

  /** The key of a file, if this one was used to wrap it. */
  static Optional<FileKey> unwrap(byte[] key, byte[] wrapped) throws AgeException {
    // Checked before decryption: a longer text could be constructed to open with several keys.
    if (wrapped.length != WRAPPED) {
      throw AgeException.header("the wrapped key has a wrong length");
    }
    try {
      return Optional.of(new FileKey(cipher(Cipher.DECRYPT_MODE, key).doFinal(wrapped)));
    } catch (AEADBadTagException _) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has ChaCha20-Poly1305", e);
    }
  }

  /** Each such key wraps only once, so its nonce is zero. */
  private static Cipher cipher(int mode, byte[] key) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(Payload.ALGORITHM);
    cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(new byte[12]));
    return cipher;
  }
}
