package dev.keg.backup.store.s3.signing;

import dev.keg.backup.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Who asks. Prints as the key's name alone. */
public record Credentials(
    String accessKey, String secretKey, @Nullable String sessionToken, @Nullable Instant expiry) {
  /**
   * Gives credentials that hold now; those of a long backup may have to be renewed in its middle.
   */
  @FunctionalInterface
  public interface Source {
    Credentials current() throws StoreException;
  }

  private static final Duration MARGIN = Duration.ofMinutes(2);

  public Credentials {
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
