package dev.keg.windows.win32;

import java.util.Arrays;
import java.util.Optional;

/**
 * The user who connects to a share. Closing it overwrites the password, so it should be closed as
 * soon as possible.
 */
public final class SmbCredentials implements AutoCloseable {
  private final String user;
  private final Optional<String> domain;
  private final char[] password;

  /** Takes over the password without copying it. */
  public SmbCredentials(String user, Optional<String> domain, char[] password) {
    this.user = user;
    this.domain = domain;
    this.password = password;
  }

  String user() {
    return user;
  }

  Optional<String> domain() {
    return domain;
  }

  char[] password() {
    return password;
  }

  @Override
  public void close() {
    Arrays.fill(password, '\0');
  }

  @Override
  public String toString() {
    return user;
  }
}
