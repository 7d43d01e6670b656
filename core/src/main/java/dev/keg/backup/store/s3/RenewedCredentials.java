package dev.keg.backup.store.s3;

import dev.keg.backup.store.StoreException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The credentials of a program, asked for again before they expire. */
final class RenewedCredentials implements CredentialSource {
  private final CredentialProcess process;
  private final InstantSource clock;
  private @Nullable Credentials last;

  RenewedCredentials(CredentialProcess process, InstantSource clock) {
    this.process = process;
    this.clock = clock;
  }

  @Override
  public synchronized Credentials current() throws StoreException {
    Credentials credentials = last;
    if (credentials == null || credentials.expired(clock.instant())) {
      credentials = process.run();
      last = credentials;
    }
    return credentials;
  }
}
