package dev.keg.backup.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.StoreLimits;
import dev.keg.error.BackupException;
import dev.keg.tls.TlsFiles;
import dev.keg.tls.TlsFiles.OwnCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegistryCertificatesTest {
  @TempDir private Path home;
  private HttpsServer server;

  @BeforeEach
  void start() throws IOException {
    SSLContext context =
        new TlsFiles(
                List.of(copy("root.pem", "server-side/root.pem")),
                true,
                List.of(
                    new OwnCertificate(
                        copy("server.pem", "server-side/server.pem"),
                        copy("server.key", "server-side/server.key"))))
            .context();
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.createContext(
        "/v2/",
        exchange -> {
          byte[] body = "{\"tags\":[\"one\"]}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Path copy(String name, String to) throws IOException {
    Path target = home.resolve(to);
    Files.createDirectories(target.getParent());
    try (InputStream in =
        Objects.requireNonNull(TlsFiles.class.getResourceAsStream("/dev/keg/tls/" + name))) {
      Files.copy(in, target);
    }
    return target;
  }

  private String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private List<String> tags() {
    ImageReference image = ImageReference.parse(host() + "/db");
    return new PulledImage(
            image,
            new RegistryEnvironment(
                Map.of(),
                home,
                new FakePrograms(_ -> new FakePrograms.Result(127, "", "")),
                new Backoff(new SplittableRandom(1), _ -> {}, _ -> {}),
                StoreLimits.NONE,
                _ -> {},
                false,
                Duration.ofMinutes(1)))
        .tags();
  }

  @Test
  void a_registry_of_a_private_authority_that_asks_who_comes() throws IOException {
    assertThatThrownBy(this::tags).isInstanceOf(BackupException.class);
    String place = ".config/containers/certs.d/" + host();
    copy("root.pem", place + "/ca.crt");
    copy("client.pem", place + "/client.cert");

    assertThatThrownBy(this::tags).hasMessageEndingWith("client.key: is missing");
    copy("client.key", place + "/client.key");
    assertThat(tags()).containsExactly("one");
  }

  @Test
  void a_root_that_is_none_is_named() throws IOException {
    Path file = home.resolve(".config/docker/certs.d").resolve(host()).resolve("ca.crt");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "none");

    assertThatThrownBy(this::tags).hasMessageContaining(file.toString());
  }
}
