package dev.keg.backup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.FakePrograms.Result;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.ObjectStoreContract;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.server.S3Proxy;
import dev.keg.volume.Size;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store contract, and failures, against a real server. */
@NeedsTime
class S3StoreIT extends ObjectStoreContract {
  private static final int MIB = 1 << 20;

  @TempDir static Path directory;
  private static S3Proxy server;
  private static int place;

  @TempDir Path home;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3Proxy.start(directory, Map.of());
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @Override
  protected ObjectStore openEmpty() throws StoreException {
    place++;
    return open(server.endpoint(), S3Proxy.SECRET, Map.of());
  }

  /** More than a page of a thousand. */
  @Override
  protected int many() {
    return 1_050;
  }

  @Override
  protected int large() {
    return 40 * MIB + 12_345;
  }

  private S3Store open(URI endpoint, String secret, Map<String, String> more)
      throws StoreException {
    Map<String, String> variables = new HashMap<>(more);
    variables.put("AWS_ACCESS_KEY_ID", S3Proxy.KEY);
    variables.put("AWS_SECRET_ACCESS_KEY", secret);
    return S3Setup.open(
        new S3Options(S3Proxy.BUCKET, prefix(), endpoint, null, null, false),
        new S3Environment(
            variables,
            home,
            new FakePrograms(_ -> new Result(127, "", "")),
            InstantSource.system(),
            new Backoff(new Random(1), _ -> {}, _ -> {}),
            StoreLimits.NONE,
            _ -> {}));
  }

  private static String prefix() {
    return "back ups/größe+" + place;
  }

  @Test
  void a_wrong_secret_is_refused() throws StoreException {
    try (S3Store store = open(server.endpoint(), "wrong-secret", Map.of())) {
      assertThatThrownBy(() -> store.list(""))
          .isInstanceOf(StoreException.Failed.class)
          .hasMessageContaining(": list : SignatureDoesNotMatch")
          .hasMessageNotContaining("wrong-secret");
    }
  }

  @Test
  void a_bucket_that_is_not_there_is_an_error() throws StoreException {
    S3Options elsewhere = new S3Options("no-such-bucket", "", server.endpoint(), null, null, false);
    Map<String, String> variables =
        Map.of("AWS_ACCESS_KEY_ID", S3Proxy.KEY, "AWS_SECRET_ACCESS_KEY", S3Proxy.SECRET);
    S3Environment environment =
        new S3Environment(
            variables,
            home,
            new FakePrograms(_ -> new Result(127, "", "")),
            InstantSource.system(),
            new Backoff(new Random(1), _ -> {}, _ -> {}),
            StoreLimits.NONE,
            _ -> {});
    try (S3Store store = S3Setup.open(elsewhere, environment)) {
      assertThatThrownBy(() -> store.list("")).hasMessageContaining("NoSuchBucket");
      assertThatThrownBy(() -> store.open(new ObjectName("repository.json")))
          .isInstanceOf(StoreException.Failed.class);
    }
  }

  @Test
  void a_server_that_goes_away_in_the_middle_of_an_upload_leaves_no_object() throws Exception {
    try (S3Proxy mortal = S3Proxy.start(home.resolve("mortal"), Map.of());
        S3Store store = open(mortal.endpoint(), S3Proxy.SECRET, Map.of())) {
      store.list("");
      byte[] part = bytes(16 * MIB);
      assertThatThrownBy(
              () -> {
                try (PendingObject object =
                    store.create(new ObjectName("data/db/large"), new Size(1))) {
                  object.write(part);
                  mortal.kill();
                  object.write(part);
                  object.write(part);
                  object.publish();
                }
              })
          .isInstanceOf(StoreException.Unavailable.class);
      assertThat(Files.exists(home.resolve("mortal/data/buck").resolve(prefix()))).isFalse();
    }
  }

  @Test
  void a_server_is_trusted_by_its_own_certificate_and_not_without() throws Exception {
    Path keys = home.resolve("keys.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "s3",
        "-keyalg",
        "EC",
        "-dname",
        "CN=test",
        "-ext",
        "SAN=IP:127.0.0.1",
        "-validity",
        "2",
        "-keystore",
        keys.toString(),
        "-storetype",
        "PKCS12",
        "-storepass",
        "changeit");
    Path pem = home.resolve("ca.pem");
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "s3",
        "-keystore",
        keys.toString(),
        "-storepass",
        "changeit",
        "-file",
        pem.toString());
    Map<String, String> secure =
        Map.of(
            "s3proxy.secure-endpoint", "https://127.0.0.1:0",
            "s3proxy.keystore-path", keys.toString(),
            "s3proxy.keystore-password", "changeit");
    try (S3Proxy tls = S3Proxy.start(home.resolve("tls"), secure);
        S3Store trusting =
            open(tls.secureEndpoint(), S3Proxy.SECRET, Map.of("AWS_CA_BUNDLE", pem.toString()));
        S3Store cautious = open(tls.secureEndpoint(), S3Proxy.SECRET, Map.of())) {
      try (PendingObject object = trusting.create(new ObjectName("data/db/x"), Size.ZERO)) {
        object.write(bytes(40 * MIB));
        object.publish();
      }
      assertThat(trusting.open(new ObjectName("data/db/x")).readAllBytes())
          .isEqualTo(bytes(40 * MIB));
      assertThatThrownBy(() -> cautious.list(""))
          .isInstanceOf(StoreException.Failed.class)
          .hasMessageContaining(": list : TLS: ");
    }
  }

  private static void keytool(String... arguments) throws Exception {
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    assertThat(run(directory, Map.of(), tool, arguments)).isZero();
  }

  @Test
  @NeedsTool(value = "rclone", from = "rclone")
  void rclone_reads_what_was_written() throws Exception {
    put("data/db/small", bytes(1_000));
    put("data/db/large", bytes(40 * MIB));
    Path copy = home.resolve("copy");
    String from = "S:%s/%s".formatted(S3Proxy.BUCKET, prefix());
    int exitCode = run(home, server.rclone(), "rclone", "copy", from, copy.toString());

    assertThat(exitCode).isZero();
    assertThat(Files.readAllBytes(copy.resolve("data/db/small"))).isEqualTo(bytes(1_000));
    assertThat(Files.mismatch(copy.resolve("data/db/large"), written(bytes(40 * MIB))))
        .isEqualTo(-1);
  }

  private Path written(byte[] bytes) throws IOException {
    return Files.write(home.resolve("expected"), bytes);
  }

  private static int run(
      Path directory, Map<String, String> environment, String program, String... arguments)
      throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output.log").toFile());
    builder.environment().remove("AWS_CA_BUNDLE");
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
    return process.exitValue();
  }
}
