package dev.keg.backup.oci;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What a registry knows somebody by. Its text tells nothing, as it may end in a message. */
sealed interface Login {
  /** A name and a password. */
  record Password(String user, String secret) implements Login {
    String header() {
      byte[] pair = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Override
    public String toString() {
      return "a password";
    }
  }

  /** A token for which the registry's authorization service gives others. */
  record RefreshToken(String secret) implements Login {
    @Override
    public String toString() {
      return "a token";
    }
  }
}
