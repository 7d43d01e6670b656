package dev.keg.backup.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.FakePrograms.Result;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoginsTest {
  /** {@code user:pass}, {@code me:other}, {@code hub:pass} and {@code team:pass}. */
  private static final String CONFIG =
      """
      {"auths": {
         "registry.example.com": {"auth": "dXNlcjpwYXNz"},
         "https://old.example.com/v2/": {"auth": "bWU6b3RoZXI="},
         "https://index.docker.io/v1/": {"auth": "aHViOnBhc3M="},
         "quay.io/team": {"auth": "dGVhbTpwYXNz"},
         "ghcr.io": {"auth": "dXNlcjpwYXNz"},
         "ghcr.io/team": {"auth": "dGVhbTpwYXNz"},
         "azure.example.com": {"auth": "MDA6", "identitytoken": "refresh"},
         "broken.example.com": {"auth": "s3cr3t!"},
         "empty.example.com": {}},
       "credHelpers": {"gcr.io": "gcloud", "evil.example.com": "../../tmp/x"}}
      """;

  private final Path home = Jimfs.newFileSystem(Configuration.unix()).getPath("/home/me");
  private Result helper = new Result(127, "", "");
  private final FakePrograms programs = new FakePrograms(_ -> helper);

  private String login(String image, Map<String, String> variables) throws StoreException {
    RegistryEnvironment environment =
        new RegistryEnvironment(
            variables,
            home,
            programs,
            new Backoff(new SplittableRandom(1), _ -> {}, _ -> {}),
            StoreLimits.NONE,
            _ -> {},
            _ -> {},
            false,
            Duration.ofSeconds(1),
            RegistryEnvironment.USUAL_CHUNK);
    return new Logins(environment)
        .find(ImageReference.parse(image))
        .map(
            login ->
                switch (login) {
                  case Login.Password password -> password.user() + ":" + password.secret();
                  case Login.RefreshToken token -> "token " + token.secret();
                })
        .orElse("none");
  }

  private String login(String image) throws StoreException {
    return login(image, Map.of());
  }

  private void write(String file, String text) throws IOException {
    Path path = home.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @ParameterizedTest
  @CsvSource({
    "registry.example.com/db, user:pass",
    "registry.example.com:5000/db, none",
    "old.example.com/db, me:other",
    "docker.io/me/db, hub:pass",
    "quay.io/team/db, team:pass",
    "quay.io/team/sub/db, team:pass",
    "quay.io/teammate/db, none",
    "ghcr.io/team/db, team:pass",
    "ghcr.io/other/db, user:pass",
    "quay.io/db, none",
    "azure.example.com/db, token refresh",
    "empty.example.com/db, none",
    "other.example.com/db, none",
  })
  void a_login_is_found_by_the_name_of_the_registry(String image, String login) throws IOException {
    write(".docker/config.json", CONFIG);

    assertThat(login(image)).isEqualTo(login);
  }

  @Test
  void without_a_file_there_is_no_login() throws IOException {
    assertThat(login("registry.example.com/db")).isEqualTo("none");
  }

  @Test
  void variables_name_another_file() throws IOException {
    write("d/config.json", CONFIG);
    write("auth.json", "{\"auths\":{\"registry.example.com\":{\"auth\":\"bWU6b3RoZXI=\"}}}");

    assertThat(login("registry.example.com/db", Map.of("DOCKER_CONFIG", home + "/d")))
        .isEqualTo("user:pass");
    assertThat(
            login(
                "registry.example.com/db",
                Map.of("DOCKER_CONFIG", home + "/d", "REGISTRY_AUTH_FILE", home + "/auth.json")))
        .isEqualTo("me:other");
  }

  @Test
  void podmans_files_come_before_dockers() throws IOException {
    String image = "registry.example.com/db";
    write("run/containers/auth.json", "{\"auths\":{\"other.example.com\":{\"auth\":\"MDA6\"}}}");
    write(".docker/config.json", CONFIG);
    Map<String, String> session = Map.of("XDG_RUNTIME_DIR", home + "/run");
    assertThat(login(image, session)).isEqualTo("user:pass");

    String mine = "{\"auths\":{\"registry.example.com\":{\"auth\":\"bWU6b3RoZXI=\"}}}";
    write(".config/containers/auth.json", mine);
    assertThat(login(image, session)).isEqualTo("me:other");
    assertThat(login(image, Map.of("DOCKER_CONFIG", home + "/.docker"))).isEqualTo("me:other");

    write("run/containers/auth.json", mine.replace("bWU6b3RoZXI=", "dGVhbTpwYXNz"));
    assertThat(login(image, session)).isEqualTo("team:pass");
  }

  @Test
  void a_helper_is_asked_by_name() throws IOException {
    write(".docker/config.json", CONFIG);
    helper = new Result(0, "{\"ServerURL\":\"x\",\"Username\":\"a\",\"Secret\":\"b\"}", "");

    assertThat(login("gcr.io/db")).isEqualTo("a:b");
    assertThat(programs.started()).containsExactly(List.of("docker-credential-gcloud", "get"));
  }

  @Test
  void a_helper_may_have_a_token() throws IOException {
    write(".docker/config.json", "{\"credsStore\":\"pass\"}");
    helper = new Result(0, "{\"Username\":\"<token>\",\"Secret\":\"b\"}", "");

    assertThat(login("registry.example.com/db")).isEqualTo("token b");
  }

  @Test
  void a_helper_may_have_nothing() throws IOException {
    write(".docker/config.json", "{\"credsStore\":\"pass\"}");
    helper = new Result(1, "credentials not found in native keychain\n", "");

    assertThat(login("registry.example.com/db")).isEqualTo("none");
  }

  @Test
  void a_helper_that_fails_or_is_missing_is_reported() throws IOException {
    write(".docker/config.json", "{\"credsStore\":\"pass\"}");
    helper = new Result(2, "s3cr3t", "");

    assertThatThrownBy(() -> login("registry.example.com/db"))
        .hasMessage("registry.example.com/db: log in: docker-credential-pass ended with status 2");
    helper = new Result(127, "", "");
    assertThatThrownBy(() -> login("registry.example.com/db"))
        .hasMessageContaining("docker-credential-pass: command not found");
  }

  @Test
  void a_helper_is_not_a_path() throws IOException {
    write(".docker/config.json", CONFIG);

    assertThatThrownBy(() -> login("evil.example.com/db")).hasMessageContaining("is invalid");
    assertThat(programs.started()).isEmpty();
  }

  @Test
  void what_cannot_be_read_is_reported_without_its_content() throws IOException {
    write(".docker/config.json", CONFIG);

    assertThatThrownBy(() -> login("broken.example.com/db"))
        .hasMessageContaining("/home/me/.docker/config.json: the login for broken.example.com")
        .hasMessageNotContaining("s3cr3t");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"auths\":"})
  void a_file_that_is_not_json_is_reported(String text) throws IOException {
    write(".docker/config.json", text);

    assertThatThrownBy(() -> login("registry.example.com/db"))
        .hasMessageContaining("config.json: it is not a JSON object");
  }
}
