package dev.keg.tls;

import dev.keg.file.SmallFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Certificate files for trust and identity.
 *
 * @param roots certificates to trust
 * @param exclusive whether to trust no others, such as the system's
 * @param own certificates to present, each with its key
 */
public record TlsFiles(List<Path> roots, boolean exclusive, List<OwnCertificate> own) {
  public TlsFiles {
    roots = List.copyOf(roots);
    own = List.copyOf(own);
  }

  /** A certificate and the file with its key. */
  public record OwnCertificate(Path certificate, Path key) {}

  /** Whether there are no files. */
  public boolean isEmpty() {
    return roots.isEmpty() && own.isEmpty();
  }

  /** Reads the files. An unusable one is an error that names it. */
  public SSLContext context() throws IOException {
    return context(trust());
  }

  /** The same, but accepts any certificate of the other end. */
  public SSLContext contextWithoutCheck() throws IOException {
    return context(Optional.of(new TrustManager[] {new NoCheck()}));
  }

  private SSLContext context(Optional<TrustManager[]> trust) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), trust.orElse(null), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot encrypt: " + e.getMessage(), e);
    }
  }

  private Optional<TrustManager[]> trust() throws IOException {
    if (roots.isEmpty()) {
      return Optional.empty();
    }
    try {
      KeyStore store = empty();
      for (Path file : roots) {
        for (Certificate root : certificates(file)) {
          store.setCertificateEntry("root-" + store.size(), root);
        }
      }
      if (!exclusive) {
        for (X509Certificate root : systemRoots()) {
          store.setCertificateEntry("root-" + store.size(), root);
        }
      }
      return Optional.of(managers(store));
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot trust %s: %s".formatted(roots, e.getMessage()), e);
    }
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust.getTrustManagers();
  }

  private static List<X509Certificate> systemRoots() throws GeneralSecurityException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init((KeyStore) null);
    List<X509Certificate> all = new ArrayList<>();
    for (TrustManager manager : trust.getTrustManagers()) {
      if (manager instanceof X509TrustManager roots) {
        all.addAll(List.of(roots.getAcceptedIssuers()));
      }
    }
    return all;
  }

  private KeyManager[] keys() throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    char[] none = new char[0];
    for (OwnCertificate mine : own) {
      Certificate[] chain = certificates(mine.certificate()).toArray(Certificate[]::new);
      store.setKeyEntry("own-" + store.size(), PemKey.read(mine.key()), none, chain);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, none);
    return keys.getKeyManagers();
  }

  private static List<Certificate> certificates(Path file) throws IOException {
    try {
      List<Certificate> all =
          List.copyOf(
              CertificateFactory.getInstance("X.509")
                  .generateCertificates(new ByteArrayInputStream(SmallFile.read(file))));
      if (all.isEmpty()) {
        throw new FileSystemException(file.toString(), null, "there is no certificate in it");
      }
      return all;
    } catch (GeneralSecurityException e) {
      throw new FileSystemException(file.toString(), null, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Accepts every certificate: for an operator who says that the connection is otherwise secure.
   */
  private static final class NoCheck extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
