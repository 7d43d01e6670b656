package dev.keg.backup.store.http;

import dev.keg.backup.store.StoreException;
import dev.keg.file.FileFailures;
import dev.keg.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Trusts only the certificates of a PEM file. */
public final class TrustedRoots {
  private TrustedRoots() {}

  /** The trust for a store; the setting is the one that names the file. */
  public static SSLContext context(String store, String setting, Path file) throws StoreException {
    try {
      return new TlsFiles(List.of(file), true, List.of()).context();
    } catch (IOException e) {
      throw new StoreException.Failed(
          store, "open", setting + ": " + file + ": " + FileFailures.reason(e), null, e);
    }
  }
}
