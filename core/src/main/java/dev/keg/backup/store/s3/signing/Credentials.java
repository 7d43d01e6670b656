package dev.keg.backup.store.s3.signing;

import dev.keg.backup.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The credentials of a request. The text shows only the key's name. */
public record Credentials(
    String accessKey, String secretKey, @Nullable String sessionToken, @Nullable Instant expiry) {
  /** Provides currently valid credentials; they may have to be renewed during a long backup. */
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
