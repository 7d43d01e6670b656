package dev.keg.tls;

import dev.keg.file.SmallFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key in a PEM file of openssl(1): {@code PRIVATE KEY} is PKCS#8, which Java can read;
 * {@code RSA PRIVATE KEY} (PKCS#1) and {@code EC PRIVATE KEY} (RFC 5915) are its inner part.
 */
final class PemKey {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([^-]+)-----END \\1-----");

  private static final byte[] VERSION = HexFormat.of().parseHex("020100");
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

  /** The tags of DER: a sequence, an octet string, and the parameters in an EC key. */
  private static final int SEQUENCE = 0x30;

  private static final int OCTETS = 0x04;
  private static final int PARAMETERS = 0xA0;

  private PemKey() {}

  /** The message of the exception quotes nothing of the file. */
  static PrivateKey read(Path file) throws IOException {
    byte[] content = SmallFile.read(file);
    Matcher block = BLOCK.matcher(new String(content, StandardCharsets.ISO_8859_1));
    Arrays.fill(content, (byte) 0);
    if (!block.find()) {
      throw unusable(file, "there is no private key in it");
    }
    if (block.group(1).startsWith("ENCRYPTED") || block.group(2).contains("ENCRYPTED")) {
      throw unusable(file, "the private key is encrypted");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(block.group(2));
      return key(
          file,
          switch (block.group(1)) {
            case "RSA PRIVATE KEY" -> wrapped(RSA, der);
            case "EC PRIVATE KEY" -> wrapped(der(SEQUENCE, EC, curve(der)), der);
            default -> der;
          });
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      throw unusable(file, "the private key is damaged");
    }
  }

  private static PrivateKey key(Path file, byte[] pkcs8) throws IOException {
    for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException _) {
        // It is a key for another algorithm.
      }
    }
    throw unusable(file, "it has no RSA, EC or Ed25519 key");
  }

  private static FileSystemException unusable(Path file, String why) {
    return new FileSystemException(file.toString(), null, why);
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return der(SEQUENCE, VERSION, algorithm, der(OCTETS, key));
  }

  private static byte[] der(int tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (length < 128) {
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** The name of the curve inside the key: {version, key, [0] {curve}, [1] {point}}. */
  private static byte[] curve(byte[] der) {
    int at = start(der, 0);
    while ((der[at] & 0xFF) != PARAMETERS) {
      at = start(der, at) + length(der, at);
    }
    return Arrays.copyOfRange(der, start(der, at), start(der, at) + length(der, at));
  }

  private static int start(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    return at + 2 + (first < 128 ? 0 : first - 128);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    int length = first < 128 ? first : 0;
    for (int i = at + 2; i < start(der, at); i++) {
      length = (length << 8) | (der[i] & 0xFF);
    }
    return length;
  }
}
