package dev.keg.backup.store.s3;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Who asks. Prints as the key's name alone. */
record Credentials(
    String accessKey, String secretKey, @Nullable String sessionToken, @Nullable Instant expiry) {
  private static final Duration MARGIN = Duration.ofMinutes(2);

  Credentials {
    if (accessKey.isBlank() || secretKey.isBlank()) {
      throw new IllegalArgumentException("credentials are a key and its secret");
    }
  }

  boolean expired(Instant now) {
    return expiry != null && now.isAfter(expiry.minus(MARGIN));
  }

  @Override
  public String toString() {
    return accessKey;
  }
}
