package dev.keg.backup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.FakePrograms.Result;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3SetupTest {
  private static final String KEYS =
      "aws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = s3cr3t/+key\n";
  private static final String WRONG_KEYS =
      "aws_access_key_id = OTHER\naws_secret_access_key = other\n";

  private final FakeS3 server;
  private final Path home;
  private final Map<String, String> variables = new HashMap<>();
  private Instant now = Instant.parse("2026-11-20T10:58:01Z");
  private FakePrograms programs = new FakePrograms(_ -> new Result(127, "", ""));

  S3SetupTest() throws IOException {
    server = new FakeS3();
    home = Files.createDirectories(Jimfs.newFileSystem(Configuration.unix()).getPath("/home/op"));
    variables.put("AWS_ENDPOINT_URL", server.endpoint().toString());
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private void list(@Nullable String profile) throws StoreException {
    list(profile, null);
  }

  private void list(@Nullable String profile, @Nullable URI endpoint) throws StoreException {
    try (S3Store store = open(profile, endpoint)) {
      store.list("");
    }
  }

  private S3Store open(@Nullable String profile, @Nullable URI endpoint) throws StoreException {
    InstantSource clock = () -> now;
    return S3Setup.open(
        new S3Options("buck", "p", endpoint, null, profile, false),
        new S3Environment(
            variables,
            home,
            programs,
            clock,
            new Backoff(new Random(1), _ -> {}, _ -> {}),
            StoreLimits.NONE,
            _ -> {}));
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(home.resolve(".aws"));
    Files.writeString(home.resolve(".aws").resolve(file), text);
  }

  private void environmentKeys(String key, String secret) {
    variables.put("AWS_ACCESS_KEY_ID", key);
    variables.put("AWS_SECRET_ACCESS_KEY", secret);
  }

  @Test
  void the_number_of_attempts_can_be_set() throws StoreException {
    environmentKeys("AKIDEXAMPLE", "s3cr3t/+key");
    variables.put("AWS_MAX_ATTEMPTS", "2");
    try (S3Store store = open(null, null)) {
      store.list("");
      server.clearLog();
      server.plan(_ -> FakeS3.Behaviour.NOT_NOW);
      assertThatThrownBy(() -> store.list("")).isInstanceOf(StoreException.Unavailable.class);
    }
    assertThat(server.log()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"0", "many", "1000", "-1"})
  void a_wrong_number_of_attempts_is_an_error(String attempts) {
    environmentKeys("AKIDEXAMPLE", "s3cr3t/+key");
    variables.put("AWS_MAX_ATTEMPTS", attempts);
    assertThatThrownBy(() -> list(null))
        .hasMessage(
            "s3://buck: open: AWS_MAX_ATTEMPTS is '%s', which is not a number from 1 to 999"
                .formatted(attempts));
  }

  @Test
  void keys_come_from_the_environment() {
    environmentKeys("AKIDEXAMPLE", "s3cr3t/+key");

    assertThatCode(() -> list(null)).doesNotThrowAnyException();
  }

  @Test
  void keys_come_from_the_default_profile() throws IOException {
    write("credentials", "[default]\n" + KEYS);

    assertThatCode(() -> list(null)).doesNotThrowAnyException();
  }

  @Test
  void keys_come_from_the_profile_that_the_environment_names() throws IOException {
    variables.put("AWS_PROFILE", "dev");
    write("credentials", "[default]\n" + WRONG_KEYS);
    write("config", "[profile dev]\n" + KEYS);

    assertThatCode(() -> list(null)).doesNotThrowAnyException();
  }

  @Test
  void keys_of_the_environment_go_before_the_profile_that_it_names() throws IOException {
    variables.put("AWS_PROFILE", "dev");
    environmentKeys("AKIDEXAMPLE", "s3cr3t/+key");
    write("config", "[profile dev]\n" + WRONG_KEYS);

    assertThatCode(() -> list(null)).doesNotThrowAnyException();
  }

  @Test
  void a_profile_that_the_repository_names_goes_before_the_environment() throws IOException {
    environmentKeys("OTHER", "other");
    write("config", "[profile dev]\n" + KEYS);

    assertThatCode(() -> list("dev")).doesNotThrowAnyException();
  }

  @Test
  void the_files_may_be_elsewhere() throws IOException {
    Files.writeString(home.resolve("keys"), "[default]\n" + KEYS);
    variables.put("AWS_SHARED_CREDENTIALS_FILE", "/home/op/keys");
    variables.put("AWS_CONFIG_FILE", "/dev/null/none");

    assertThatCode(() -> list(null)).doesNotThrowAnyException();
  }

  @Test
  void keys_come_from_a_program() throws IOException {
    write("config", "[default]\ncredential_process = tool --for 'my profile'\n");
    programs =
        new FakePrograms(
            _ ->
                new Result(
                    0,
                    "{\"Version\":1,\"AccessKeyId\":\"AKIDEXAMPLE\",\"Extra\":{\"x\":[1]},"
                        + "\"SecretAccessKey\":\"s3cr3t/+key\","
                        + "\"Expiration\":\"2026-11-20T13:00:00+01:00\"}\n",
                    ""));
    try (S3Store store = open(null, null)) {
      store.list("");
      store.list("");
      assertThat(programs.started())
          .containsExactly(java.util.List.of("tool", "--for", "my profile"));
      now = Instant.parse("2026-11-20T11:58:30Z");
      store.list("");
    }

    assertThat(programs.started()).as("asked again before it expires").hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "127 | '' | tool: command not found",
        "3   | '' | exit code 3: sign in first",
        "0   | not json s3cr3t | it printed no JSON object",
        "0   | '[\"s3cr3t\"]' | it printed no JSON object",
        "0   | '{\"Version\":2,\"SecretAccessKey\":\"s3cr3t\"}' | it printed no credentials of"
            + " version 1",
        "0   | '{\"Version\":1,\"SecretAccessKey\":\"s3cr3t\"}' | credentials are a key and its"
            + " secret",
      })
  void a_program_that_fails_is_an_error_without_secrets(int exitCode, String output, String message)
      throws IOException {
    write("config", "[default]\ncredential_process = tool\n");
    programs = new FakePrograms(_ -> new Result(exitCode, output, "sign in first"));

    assertThatThrownBy(() -> list(null))
        .isInstanceOf(StoreException.Failed.class)
        .hasMessage("s3://buck: credential_process: " + message);
  }

  @Test
  void no_credentials_are_an_error_that_says_where_they_are_looked_for() {
    assertThatThrownBy(() -> list(null))
        .isInstanceOfSatisfying(
            StoreException.Failed.class,
            e -> {
              assertThat(e)
                  .hasMessage(
                      "s3://buck: open: no credentials: AWS_ACCESS_KEY_ID is not set, and there is"
                          + " no profile in ~/.aws");
              assertThat(e.hint().orElse(""))
                  .endsWith(
                      "credential_process = aws configure export-credentials --profile default"
                          + " --format process");
            });
  }

  @Test
  void a_profile_that_uses_a_role_is_an_error_that_names_the_way_out() throws IOException {
    write("config", "[profile ops]\nrole_arn = arn:x\nsource_profile = default\n");

    assertThatThrownBy(() -> list("ops"))
        .hasMessage("s3://buck: open: no credentials: profile 'ops' has no keys");
  }

  @Test
  void half_a_key_is_an_error() throws IOException {
    variables.put("AWS_ACCESS_KEY_ID", "AKID");
    assertThatThrownBy(() -> list(null)).hasMessageEndingWith("AWS_SECRET_ACCESS_KEY is not set");

    variables.remove("AWS_ACCESS_KEY_ID");
    write("credentials", "[default]\naws_access_key_id = AKID\n");
    assertThatThrownBy(() -> list(null))
        .hasMessageEndingWith("profile 'default' has a key without its secret");
  }

  @Test
  void a_profile_that_is_nowhere_is_an_error() {
    assertThatThrownBy(() -> list("gone"))
        .hasMessage("s3://buck: open: no AWS profile is named 'gone'");
  }

  @Test
  void an_endpoint_of_the_repository_goes_before_the_environment() {
    environmentKeys("AKIDEXAMPLE", "s3cr3t/+key");
    variables.put("AWS_ENDPOINT_URL", "http://no-such-host.invalid");

    assertThatCode(() -> list(null, server.endpoint())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://host",
    "https://key:secret@host",
    "host:9000",
    "https://host?x=secret",
    "https:"
  })
  void an_endpoint_that_is_not_an_address_is_refused_without_repeating_it(String endpoint) {
    environmentKeys("AKIDEXAMPLE", "s3cr3t/+key");
    variables.put("AWS_ENDPOINT_URL_S3", endpoint);

    assertThatThrownBy(() -> list(null))
        .hasMessage("s3://buck: open: the endpoint is not an address");
  }

  @Test
  void a_bundle_of_certificates_that_cannot_be_read_is_an_error() throws IOException {
    environmentKeys("AKIDEXAMPLE", "s3cr3t/+key");
    variables.put("AWS_CA_BUNDLE", "/home/op/ca.pem");
    assertThatThrownBy(() -> list(null))
        .hasMessage("s3://buck: open: AWS_CA_BUNDLE: /home/op/ca.pem: no such file or directory");

    Files.writeString(home.resolve("ca.pem"), "nonsense");
    assertThatThrownBy(() -> list(null))
        .hasMessageStartingWith("s3://buck: open: AWS_CA_BUNDLE: /home/op/ca.pem: ");
  }
}
