package dev.keg.windows.smb;

import dev.keg.windows.win32.SmbCredentials;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads the user and the password from a file in the format of mount.cifs(8), in UTF-8, or in
 * UTF-16 with a byte order mark as older versions of PowerShell write it. The password never
 * becomes a string, since a string cannot be overwritten.
 *
 * <pre>
 * username=anna
 * password=secret
 * domain=OFFICE
 * </pre>
 */
final class CredentialsFile {
  private static final int LARGEST = 64 << 10;

  private final char[] all;

  private CredentialsFile(char[] all) {
    this.all = all;
  }

  /** Reads the file. A user name in the file takes precedence over the given one. */
  static SmbCredentials read(Path file, Optional<String> username) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new IOException(file + ": too large for a credentials file");
    }
    byte[] bytes = Files.readAllBytes(file);
    CharBuffer text = decode(bytes);
    Arrays.fill(bytes, (byte) 0);
    CredentialsFile lines = new CredentialsFile(Arrays.copyOf(text.array(), text.limit()));
    Arrays.fill(text.array(), '\0');
    try {
      return lines.credentials(file, username);
    } finally {
      Arrays.fill(lines.all, '\0');
    }
  }

  private static CharBuffer decode(byte[] bytes) {
    if (startsWith(bytes, 0xFF, 0xFE)) {
      return StandardCharsets.UTF_16LE.decode(ByteBuffer.wrap(bytes, 2, bytes.length - 2));
    }
    if (startsWith(bytes, 0xFE, 0xFF)) {
      return StandardCharsets.UTF_16BE.decode(ByteBuffer.wrap(bytes, 2, bytes.length - 2));
    }
    int mark = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
    return StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes, mark, bytes.length - mark));
  }

  private static boolean startsWith(byte[] bytes, int... mark) {
    return bytes.length >= mark.length
        && IntStream.range(0, mark.length).allMatch(i -> (bytes[i] & 0xFF) == mark[i]);
  }

  private SmbCredentials credentials(Path file, Optional<String> username) throws IOException {
    String user =
        value("username")
            .or(() -> value("user"))
            .map(String::new)
            .or(() -> username)
            .orElseThrow(() -> new IOException(file + ": the line username= is missing"));
    Optional<String> domain = value("domain").map(String::new);
    char[] password =
        value("password")
            .or(() -> value("pass"))
            .orElseThrow(() -> new IOException(file + ": the line password= is missing"));
    return new SmbCredentials(user, domain, password);
  }

  /** The value of the line with this key. */
  private Optional<char[]> value(String key) {
    int start = 0;
    while (start < all.length) {
      int end = start;
      while (end < all.length && all[end] != '\n' && all[end] != '\r') {
        end++;
      }
      int equals = start + key.length();
      if (equals < end && all[equals] == '=' && startsWith(key, start)) {
        return Optional.of(Arrays.copyOfRange(all, equals + 1, end));
      }
      start = end + 1;
    }
    return Optional.empty();
  }

  private boolean startsWith(String key, int at) {
    return key.contentEquals(CharBuffer.wrap(all, at, key.length()));
  }
}
