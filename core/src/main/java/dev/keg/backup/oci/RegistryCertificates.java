package dev.keg.backup.oci;

import dev.keg.backup.store.StoreException;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.tls.TlsFiles;
import dev.keg.tls.TlsFiles.OwnCertificate;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The certificates for a registry, stored where docker and podman store them: in {@code
 * certs.d/HOST:PORT}, each {@code .crt} is a root to trust in addition to the system's, and each
 * {@code .cert} a client certificate whose key is in the {@code .key} file of the same name.
 */
record RegistryCertificates(ImageReference image, RegistryEnvironment environment) {
  private static final String ROOT = ".crt";
  private static final String OWN = ".cert";
  private static final String KEY = ".key";

  /** Adds them to a client. */
  HttpClient.Builder addTo(HttpClient.Builder client) throws StoreException {
    try {
      Optional<Path> directory = directory();
      if (directory.isPresent()) {
        TlsFiles files = files(directory.get());
        if (!files.isEmpty()) {
          client.sslContext(files.context());
        }
      }
      return client;
    } catch (IOException e) {
      String where =
          e instanceof FileSystemException file && file.getFile() != null
              ? file.getFile()
              : "certs.d";
      throw new StoreException.Failed(
          image.place(), "open", where + ": " + FileFailures.reason(e), null, e);
    }
  }

  /** The first existing directory: the user's before the system's, podman's before docker's. */
  private Optional<Path> directory() {
    Path home = environment.home();
    Path config =
        Optional.ofNullable(environment.variables().get("XDG_CONFIG_HOME"))
            .map(home.getFileSystem()::getPath)
            .filter(Path::isAbsolute)
            .orElse(home.resolve(".config"));
    Path system = home.getFileSystem().getPath("/etc");
    return Stream.of(config, system)
        .flatMap(
            base -> Stream.of(base.resolve("containers/certs.d"), base.resolve("docker/certs.d")))
        .map(directory -> directory.resolve(image.host()))
        .filter(Files::isDirectory)
        .findFirst();
  }

  private static TlsFiles files(Path directory) throws IOException {
    List<Path> roots = new ArrayList<>();
    List<OwnCertificate> own = new ArrayList<>();
    for (Path file : DirectoryEntries.of(directory)) {
      String name = String.valueOf(file.getFileName());
      if (name.endsWith(ROOT)) {
        roots.add(file);
      } else if (name.endsWith(OWN)) {
        own.add(new OwnCertificate(file, existing(sibling(file, OWN, KEY))));
      } else if (name.endsWith(KEY)) {
        var _ = existing(sibling(file, KEY, OWN));
      }
    }
    return new TlsFiles(roots, false, own);
  }

  private static Path sibling(Path file, String from, String to) {
    String name = String.valueOf(file.getFileName());
    return file.resolveSibling(name.substring(0, name.length() - from.length()) + to);
  }

  private static Path existing(Path file) throws FileSystemException {
    if (!Files.exists(file)) {
      throw new FileSystemException(file.toString(), null, "is missing");
    }
    return file;
  }
}
