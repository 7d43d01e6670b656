package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.store.s3.FakeS3;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The number of records that commands read from an S3 server. */
class RecordRequestsTest {
  private static final int BACKUPS = 4;

  private final MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, "/keg", Duration.ofHours(1));
  private final FakeS3 server = new FakeS3();
  private final String repository =
      "s3://%s/keg?endpoint=%s".formatted(FakeS3.BUCKET, server.endpoint());

  RecordRequestsTest() throws IOException {}

  @AfterEach
  void close() {
    server.close();
  }

  /** Runs the command; returns the number of records that it read. */
  private long records(String line) {
    server.clearLog();
    Map<String, String> variables =
        Map.of(
            "AWS_ACCESS_KEY_ID", FakeS3.CREDENTIALS.accessKey(),
            "AWS_SECRET_ACCESS_KEY", FakeS3.CREDENTIALS.secretKey(),
            "KEG_REPOSITORY", repository);
    Outcome outcome = keg.run(new Invocation(List.of(line.split(" ")), "", variables));
    assertThat(outcome.exit()).as("%s: %s", line, outcome.errors()).isZero();
    return server.log().stream()
        .filter(request -> request.startsWith("GET /%s/keg/backups/".formatted(FakeS3.BUCKET)))
        .count();
  }

  @BeforeEach
  void backUp() throws IOException {
    records("create db");
    Path data = keg.files().getPath("/keg/volumes/db/_data");
    for (int i = 0; i < BACKUPS; i++) {
      Files.writeString(data.resolve("rows"), "a".repeat(i + 1));
      assertThat(records("backup --no-encryption db")).as("backup " + i).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void most_commands_read_only_what_is_new() {
    assertThat(records("backups")).as("the record of the last backup").isEqualTo(1);
    assertThat(records("backups")).isZero();
    assertThat(records("backups ls db")).isZero();
    assertThat(records("restore --replace --yes db")).isZero();
    assertThat(records("backup db")).isZero();
    assertThat(records("forget --keep-last 2")).isEqualTo(1);
  }

  @Test
  void verifications_and_copies_read_every_record() throws IOException {
    records("backups");
    Files.createDirectories(keg.files().getPath("/srv/copy"));

    assertThat(records("verify")).isEqualTo(BACKUPS);
    assertThat(records("drill --from " + repository + " db")).isEqualTo(BACKUPS);
    assertThat(records("repo copy " + repository + " /srv/copy")).isGreaterThanOrEqualTo(BACKUPS);
    assertThat(records("repo sync /srv/copy " + repository)).isGreaterThanOrEqualTo(BACKUPS);
  }

  @Test
  void a_policy_verifies_and_drills_what_the_repository_has() throws IOException {
    records("backups");
    policy("\"backup.verify\": \"1d\"");
    assertThat(records("maintain")).as("of the verified backup").isEqualTo(1);
    assertThat(records("maintain")).isZero();

    policy("\"backup.drill\": \"1d\"");
    assertThat(records("maintain")).as("of the drilled backup").isEqualTo(1);
    assertThat(records("maintain")).isZero();
  }

  private void policy(String proof) throws IOException {
    Files.writeString(
        keg.files().getPath("/keg/policy.json"),
        "{\"schema\": 1, \"rules\": [{\"backup.to\": \"%s\", \"backup.every\": \"1m\", %s}]}"
            .formatted(repository, proof));
  }
}
