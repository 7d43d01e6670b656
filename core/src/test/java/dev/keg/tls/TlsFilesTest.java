package dev.keg.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.tls.TlsFiles.OwnCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TlsFilesTest {
  private static final TlsFiles CLIENT =
      new TlsFiles(
          List.of(file("root.pem")),
          false,
          List.of(new OwnCertificate(file("client.pem"), file("client.key"))));

  private static Path file(String name) {
    try {
      URL url = Objects.requireNonNull(TlsFilesTest.class.getResource(name));
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLContext server(String key) throws IOException {
    return new TlsFiles(
            List.of(file("root.pem")),
            true,
            List.of(new OwnCertificate(file("server.pem"), file(key))))
        .context();
  }

  /** The data that a server reads from the client whose certificate it checks. */
  private static int exchange(SSLContext server, SSLContext client) throws Exception {
    try (SSLServerSocket listening =
        (SSLServerSocket)
            server
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listening.setNeedClientAuth(true);
      CompletableFuture<Integer> read =
          CompletableFuture.supplyAsync(
              () -> {
                try (var accepted = listening.accept()) {
                  return accepted.getInputStream().read();
                } catch (IOException e) {
                  throw new CompletionException(e);
                }
              });
      try (SSLSocket socket =
          (SSLSocket)
              client
                  .getSocketFactory()
                  .createSocket(listening.getInetAddress(), listening.getLocalPort())) {
        socket.getOutputStream().write(42);
        return read.get();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"server.key", "server-sec1.key"})
  void both_ends_show_who_they_are(String key) throws Exception {
    assertThat(exchange(server(key), CLIENT.context())).isEqualTo(42);
  }

  @Test
  void a_server_of_an_unknown_root_is_refused_unless_nothing_is_checked() throws Exception {
    TlsFiles trusting = new TlsFiles(List.of(), false, CLIENT.own());

    assertThatThrownBy(() -> exchange(server("server.key"), trusting.context()))
        .isInstanceOf(SSLException.class);
    assertThat(exchange(server("server.key"), trusting.contextWithoutCheck())).isEqualTo(42);
  }

  @Test
  void a_file_that_is_of_no_use_is_named_and_not_quoted(@TempDir Path directory)
      throws IOException {
    Path key = Files.writeString(directory.resolve("a.key"), "secret words");
    Path encrypted =
        Files.writeString(
            directory.resolve("b.key"),
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
    Path damaged =
        Files.writeString(
            directory.resolve("c.key"),
            "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n");

    assertThatThrownBy(() -> own(key).context())
        .hasMessage(key + ": there is no private key in it");
    assertThatThrownBy(() -> own(encrypted).context())
        .hasMessage(encrypted + ": the private key is encrypted");
    assertThatThrownBy(() -> own(damaged).context())
        .hasMessage(damaged + ": the private key is damaged");
    assertThatThrownBy(() -> new TlsFiles(List.of(key), false, List.of()).context())
        .hasMessageContaining(key.toString());
  }

  private static TlsFiles own(Path key) {
    return new TlsFiles(List.of(), false, List.of(new OwnCertificate(file("client.pem"), key)));
  }
}
