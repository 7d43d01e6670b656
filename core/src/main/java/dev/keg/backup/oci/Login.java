package dev.keg.backup.oci;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A registry login. Its text shows nothing, since it may end up in a message. */
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

  /** A token that the registry's token service exchanges for others. */
  record RefreshToken(String secret) implements Login {
    @Override
    public String toString() {
      return "a token";
    }
  }
}
