package dev.keg.windows.smb;

import dev.keg.windows.driver.SecretText;
import dev.keg.windows.win32.SmbCredentials;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads the user and the password from a file in the format of mount.cifs(8).
 *
 * <pre>
 * username=anna
 * password=secret
 * domain=OFFICE
 * </pre>
 */
final class CredentialsFile {
  private final char[] all;

  private CredentialsFile(char[] all) {
    this.all = all;
  }

  /** Reads the file. A user name in the file takes precedence over the given one. */
  static SmbCredentials read(Path file, Optional<String> username) throws IOException {
    CredentialsFile lines = new CredentialsFile(SecretText.read(file));
    try {
      return lines.credentials(file, username);
    } finally {
      Arrays.fill(lines.all, '\0');
    }
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
