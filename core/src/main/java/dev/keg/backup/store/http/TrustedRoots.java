package dev.keg.backup.store.http;

import dev.keg.backup.store.StoreException;
import dev.keg.file.FileFailures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the certificates of a PEM file, and in no others. */
public final class TrustedRoots {
  private TrustedRoots() {}

  /** For a store; the setting is what names the file. */
  public static SSLContext context(String store, String setting, Path file) throws StoreException {
    try (InputStream input = Files.newInputStream(file)) {
      KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
      roots.load(null, null);
      for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(input)) {
        roots.setCertificateEntry("root-" + roots.size(), root);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(roots);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw unusable(store, setting, file, FileFailures.reason(e), e);
    } catch (GeneralSecurityException e) {
      throw unusable(store, setting, file, String.valueOf(e.getMessage()), e);
    }
  }

  private static StoreException unusable(
      String store, String setting, Path file, String why, Exception e) {
    return new StoreException.Failed(store, "open", setting + ": " + file + ": " + why, null, e);
  }
}
