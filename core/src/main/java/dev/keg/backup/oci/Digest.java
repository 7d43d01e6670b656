package dev.keg.backup.oci;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** The identity of content in a registry: {@code sha256:} and 64 hexadecimal digits. */
public record Digest(String text) {
  private static final Pattern GRAMMAR = Pattern.compile("sha256:[0-9a-f]{64}");

  public Digest {
    if (!GRAMMAR.matcher(text).matches()) {
      throw new IllegalArgumentException("no SHA-256 digest");
    }
  }

  static Optional<Digest> lookup(String text) {
    return GRAMMAR.matcher(text).matches() ? Optional.of(new Digest(text)) : Optional.empty();
  }

  /** Begins to digest. */
  static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static Digest end(MessageDigest digest) {
    return new Digest("sha256:" + HexFormat.of().formatHex(digest.digest()));
  }

  static Digest of(byte[] bytes) {
    MessageDigest digest = begin();
    digest.update(bytes);
    return end(digest);
  }

  @Override
  public String toString() {
    return text;
  }
}
