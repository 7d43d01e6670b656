package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.server.HttpRelay;
import dev.keg.fixtures.server.HttpRelay.Behaviour;
import dev.keg.fixtures.server.S3Proxy;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands against a real S3 server, also with failures. The tests of the stores cover both on
 * the JVM.
 */
@NeedsNative
class BackupsOnS3IT {
  private static final int MIB = 1 << 20;

  /** The requests for one file of a large backup: the list, the record, the index, the data. */
  private static final int FEW = 8;

  @TempDir static Path directory;
  private static S3Proxy server;
  private static HttpRelay relay;

  @TempDir Path scratch;
  private BackupShell shell;
  private String prefix;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3Proxy.start(directory, Map.of());
    relay = HttpRelay.to(server.endpoint());
  }

  @AfterAll
  static void stopServer() throws IOException {
    if (relay != null) {
      relay.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open(TestInfo test) {
    relay.plan((_, _) -> Behaviour.PASS);
    prefix = test.getTestMethod().orElseThrow().getName();
    shell =
        new BackupShell(
            scratch.resolve("root"),
            "s3://%s/%s?endpoint=%s".formatted(S3Proxy.BUCKET, prefix, relay.endpoint()),
            Map.of(
                "AWS_ACCESS_KEY_ID",
                S3Proxy.KEY,
                "AWS_SECRET_ACCESS_KEY",
                S3Proxy.SECRET,
                "AWS_MAX_ATTEMPTS",
                "2"));
  }

  @Test
  void backups_are_made_listed_verified_forgotten_and_restored() throws Exception {
    shell.assertBackupsLive();
  }

  /** With only the operator's other tools: an S3 client, zstd and tar. */
  @Test
  @NeedsTool(value = "rclone", from = "rclone")
  @NeedsTool(value = "zstd", from = "zstd")
  void rclone_and_tar_restore_what_was_written() throws Exception {
    shell.keg("create", "db");
    shell.write("db", "a", "1");
    shell.writeNoise("db", "large", 40 * MIB);
    shell.keg("backup", "--no-encryption", "db");
    shell.keg("create", "copy");

    Map<String, String> environment = new HashMap<>(server.rclone());
    environment.put("PATH", "/usr/bin:/bin");
    Outcome outcome =
        new ProcessRunner(
                List.of("/bin/bash", "-euo", "pipefail", "-c"), environment, Duration.ofMinutes(2))
            .run(
                Invocation.of(
                    """
                    rclone cat S:%s/%s/data | zstd -dc | tar -x --xattrs --acls -C '%s'
                    """
                        .formatted(S3Proxy.BUCKET, prefix, shell.data("copy"))));

    assertThat(outcome.exit()).as(outcome.errors()).isZero();
    assertThat(shell.content("copy")).isEqualTo(shell.content("db"));
  }

  /** The second backup of many unchanged files costs as much as that of a few files. */
  @Test
  void backups_of_many_files_take_few_requests_that_write() throws Exception {
    backUpTwice(5_000);
  }

  @Test
  @NeedsTime
  void backups_of_very_many_files_take_few_requests_that_write() throws Exception {
    backUpTwice(100_000);
  }

  private void backUpTwice(int many) throws Exception {
    shell.keg("create", "db");
    Files.createDirectory(shell.data("db").resolve("many"));
    for (int i = 0; i < many; i++) {
      Files.writeString(shell.data("db").resolve("many/file" + i), "content " + i);
    }
    relay.plan((_, _) -> Behaviour.PASS);
    shell.keg("backup", "--no-encryption", "db");
    assertThat(writes()).hasSizeLessThanOrEqualTo(25);

    relay.plan((_, _) -> Behaviour.PASS);
    shell.keg("backup", "db");
    assertThat(writes()).hasSizeLessThanOrEqualTo(4);
  }

  private List<String> writes() {
    return relay.log().stream().filter(line -> !line.matches("(GET|HEAD) .*")).toList();
  }

  @Test
  void one_file_of_a_large_backup_takes_a_few_requests() throws Exception {
    shell.keg("create", "db");
    shell.write("db", "etc/settings", "on");
    write(shell.data("db").resolve("large"), 256 * MIB);
    for (int i = 0; i < 1_000; i++) {
      shell.write("db", "many/file" + i, "content " + i);
    }
    shell.keg("backup", "--no-encryption", "db");
    relay.plan((_, _) -> Behaviour.PASS);

    shell.keg("restore", "--path", "many/file500", "--to", "part", "db");

    assertThat(relay.log())
        .allMatch(line -> line.startsWith("GET "))
        .as("as many requests as a few ranges take")
        .hasSizeLessThanOrEqualTo(FEW);
    assertThat(Files.readString(shell.data("part").resolve("many/file500")))
        .isEqualTo("content 500");
    assertThat(shell.content("part")).hasSize(1);
  }

  private static void write(Path file, long size) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    byte[] noise = new byte[MIB];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long done = 0; done < size; done += noise.length) {
        random.nextBytes(noise);
        out.write(noise);
      }
    }
  }

  @Test
  void wrong_keys_are_reported_and_nothing_is_changed() throws Exception {
    shell.keg("create", "db");
    shell.write("db", "a", "1");
    shell.keg("backup", "--no-encryption", "db");
    BackupShell stranger = shell.with("AWS_SECRET_ACCESS_KEY", "hunter2");

    for (String[] command :
        new String[][] {
          {"backup", "--no-encryption", "db"},
          {"backups"},
          {"verify"},
          {"forget", "--keep-last", "1"},
          {"restore", "--replace", "--yes", "db"}
        }) {
      Outcome outcome = stranger.run(command);
      assertThat(outcome.exit()).isEqualTo(1);
      assertThat(outcome.errors())
          .contains("s3://" + S3Proxy.BUCKET, "SignatureDoesNotMatch", "Hint: ")
          .doesNotContain("hunter2", "\tat ");
    }
    assertThat(shell.backups("db")).hasSize(1);
    assertThat(shell.content("db")).hasSize(1);
  }

  @Test
  void a_server_that_goes_away_at_any_request_leaves_volume_and_repository_good() throws Exception {
    shell.keg("create", "db");
    shell.writeNoise("db", "large", 12 * MIB);
    shell.keg("backup", "--no-encryption", "db");
    shell.write("db", "a", "1");
    Map<String, String> before = shell.content("db");

    assertThat(breaks("backup", "--no-encryption", "db")).isGreaterThan(5);
    assertThat(shell.content("db")).isEqualTo(before);
    assertThat(breaks("restore", "--replace", "--yes", "db")).isGreaterThan(3);
    assertThat(shell.content("db")).isEqualTo(before);
    shell.keg("verify", "--all", "--deep", "--scratch=" + scratch);
  }

  /**
   * The number of requests after which the command finally succeeds. An object that was published
   * before its answer was lost is one more backup to read the next time, so the steps grow.
   */
  private int breaks(String... command) throws Exception {
    Map<String, String> before = shell.content("db");
    for (int last = 0; ; last += 1 + last / 8) {
      int good = last;
      relay.plan((number, _) -> number > good ? Behaviour.BREAK : Behaviour.PASS);
      Outcome outcome = shell.run(command);
      relay.plan((_, _) -> Behaviour.PASS);
      if (outcome.exit() == 0) {
        return last;
      }
      assertThat(outcome.exit()).as(outcome.errors()).isEqualTo(1);
      assertThat(outcome.errors()).contains("s3://" + S3Proxy.BUCKET).doesNotContain("\tat ");
      assertThat(shell.content("db")).isEqualTo(before);
      assertThat(shell.keg("verify", "--quick")).singleElement().asString().contains("good");
    }
  }

  @Test
  void a_server_that_says_slow_down_is_given_time() throws Exception {
    shell.keg("create", "db");
    shell.writeNoise("db", "large", 12 * MIB);
    relay.plan((number, _) -> number % 3 == 2 ? Behaviour.SLOW_DOWN : Behaviour.PASS);

    BackupShell patient = shell.with("AWS_MAX_ATTEMPTS", "");
    patient.keg("backup", "--no-encryption", "db");
    patient.keg("restore", "--to", "copy", "db");

    assertThat(shell.content("copy")).isEqualTo(shell.content("db"));
    relay.plan((_, _) -> Behaviour.SLOW_DOWN);
    Outcome tired = shell.run("backups");
    assertThat(tired.exit()).isEqualTo(1);
    assertThat(tired.errors()).contains("SlowDown");
  }

  /** An interrupted upload would be charged for until somebody finds it. */
  @Test
  void an_interrupted_upload_is_aborted() throws Exception {
    shell.keg("create", "db");
    shell.writeNoise("db", "large", 40 * MIB);
    relay.plan((_, line) -> line.contains("partNumber=2&") ? Behaviour.SLOW_DOWN : Behaviour.PASS);
    Outcome outcome = shell.run("backup", "--no-encryption", "db");

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(relay.log())
        .as(outcome.errors())
        .anyMatch(line -> line.startsWith("DELETE ") && line.contains("upload"));
    try (Stream<Path> stored = Files.walk(directory.resolve("data"))) {
      assertThat(stored.filter(Files::isRegularFile))
          .noneMatch(path -> path.toString().contains(prefix + "/data/"));
    }
  }
}
