package dev.keg.age;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts and decrypts the content of a file, a chunk at a time and in any order. The nonce of a
 * chunk consists of its number and a flag for the last one, so chunks cannot be moved, nor the end
 * cut off.
 *
 * <p>Not thread-safe.
 */
public final class Payload {
  /** The length of a chunk's content, except for the last one. */
  public static final int CHUNK = 64 << 10;

  /** The additional length of a chunk in the file. */
  public static final int TAG = 16;

  /** The length of a chunk in the file. */
  public static final int SEALED = CHUNK + TAG;

  static final String ALGORITHM = "ChaCha20-Poly1305";

  private final SecretKeySpec key;
  private final Cipher cipher;

  Payload(byte[] key) {
    this.key = new SecretKeySpec(key, "ChaCha20");
    try {
      this.cipher = Cipher.getInstance(ALGORITHM);
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  private static IllegalStateException unavailable(GeneralSecurityException e) {
    return new IllegalStateException("every Java has " + ALGORITHM, e);
  }

  /** The encrypted length of this much content. */
  public static long sealedLength(long length) {
    long chunks = Math.max(1, Math.ceilDiv(length, CHUNK));
    return length + chunks * TAG;
  }

  /** The length of the content of a payload; empty if no payload has this length. */
  public static Optional<Long> contentLength(long sealed) {
    long chunks = Math.ceilDiv(sealed, SEALED);
    long length = sealed - chunks * TAG;
    boolean lastIsEmpty = chunks > 1 && length == (chunks - 1) * CHUNK;
    return sealed < TAG || lastIsEmpty || sealedLength(length) != sealed
        ? Optional.empty()
        : Optional.of(length);
  }

  /** Encrypts a chunk into the beginning of the target, and returns its length. */
  public int seal(long number, boolean last, byte[] from, int length, byte[] target) {
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, nonce(number, last));
      return cipher.doFinal(from, 0, length, target, 0);
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  /**
   * Decrypts a chunk into the beginning of the target.
   *
   * @return whether it is the last of the file
   */
  public boolean open(long number, byte[] from, int offset, int length, byte[] target)
      throws AgeException {
    if (length == SEALED && decrypts(number, false, from, offset, length, target)) {
      return false;
    }
    boolean emptyLast = length == TAG && number > 0;
    if (length < TAG || emptyLast || !decrypts(number, true, from, offset, length, target)) {
      throw AgeException.payload("the content was changed or cut off");
    }
    return true;
  }

  private boolean decrypts(
      long number, boolean last, byte[] from, int offset, int length, byte[] target) {
    try {
      cipher.init(Cipher.DECRYPT_MODE, key, nonce(number, last));
      cipher.doFinal(from, offset, length, target, 0);
      return true;
    } catch (AEADBadTagException _) {
      return false;
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  /** Eleven bytes of number and one that marks the last chunk. */
  private static IvParameterSpec nonce(long number, boolean last) {
    ByteBuffer nonce = ByteBuffer.allocate(12).putLong(3, number).put(11, (byte) (last ? 1 : 0));
    return new IvParameterSpec(nonce.array());
  }
}
