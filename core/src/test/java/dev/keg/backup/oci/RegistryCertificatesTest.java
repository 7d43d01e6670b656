package dev.keg.backup.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.StoreLimits;
import dev.keg.error.BackupException;
import dev.keg.tls.TlsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegistryCertificatesTest {
  @TempDir private Path home;
  private TlsServer server;

  @BeforeEach
  void start() throws IOException {
    server = TlsServer.start(home.resolve("server-side"), Map.of("/v2/", "{\"tags\":[\"one\"]}"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void copy(String name, String to) throws IOException {
    Path target = home.resolve(to);
    Files.createDirectories(target.getParent());
    Files.copy(server.file(name), target);
  }

  private List<String> tags() {
    ImageReference image = ImageReference.parse(server.host() + "/db");
    return new PulledImage(
            image,
            new RegistryEnvironment(
                Map.of(),
                home,
                new FakePrograms(_ -> new FakePrograms.Result(127, "", "")),
                new Backoff(new SplittableRandom(1), _ -> {}, _ -> {}),
                StoreLimits.NONE,
                _ -> {},
                _ -> {},
                false,
                Duration.ofMinutes(1),
                RegistryEnvironment.USUAL_CHUNK))
        .tags();
  }

  @Test
  void a_registry_of_a_private_authority_that_asks_for_a_client_certificate() throws IOException {
    assertThatThrownBy(this::tags).isInstanceOf(BackupException.class);
    String place = ".config/containers/certs.d/" + server.host();
    copy("root.pem", place + "/ca.crt");
    copy("client.pem", place + "/client.cert");

    assertThatThrownBy(this::tags).hasMessageEndingWith("client.key: is missing");
    copy("client.key", place + "/client.key");
    assertThat(tags()).containsExactly("one");
  }

  @Test
  void a_file_that_is_not_a_root_certificate_is_named() throws IOException {
    Path file = home.resolve(".config/docker/certs.d").resolve(server.host()).resolve("ca.crt");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "none");

    assertThatThrownBy(this::tags).hasMessageContaining(file.toString());
  }
}
