package dev.keg.backup.store.s3.signing;

import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.s3.signing.Credentials.Source;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The credentials of a program, requested again before they expire. */
public final class RenewedCredentials implements Source {
  private final CredentialProcess process;
  private final InstantSource clock;
  private @Nullable Credentials last;

  public RenewedCredentials(CredentialProcess process, InstantSource clock) {
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
