package dev.keg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The options and answers of {@code keg check}; {@link PlantedFaultsIT} tests its findings. */
class CheckTest {
  private static final String PROBLEMS = "{{.Subject}}: {{.Problem}} ({{.State}})";

  private MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, "/keg");
  private Path root = Path.of("/");

  @BeforeEach
  void three_volumes_and_two_mounts() throws IOException {
    keg = new MemoryKeg(MemoryKeg.UNIX, "/keg");
    root = keg.files().getPath("/keg");
    Files.createDirectories(keg.files().getPath("/mnt/db"));
    Files.createDirectories(keg.files().getPath("/rootfs/data"));
    Files.createDirectories(keg.files().getPath("/repo"));
    for (String name : List.of("db", "idle", "web")) {
      run("create", name);
    }
    run("mount", "db", "/mnt/db");
    run("mount", "--container", "shop", "--rootfs", "/rootfs", "-v", "web:/data");
    run("backup", "--to", "/repo", "--all", "--quiet");
  }

  private Outcome run(String... arguments) {
    return keg.run(Invocation.of(arguments));
  }

  /** Makes all records those of an earlier boot. */
  private static void reboot(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file);
        String before = text.replaceAll("\"boot\":\"[^\"]*\"", "\"boot\":\"earlier\"");
        if (!text.equals(before)) {
          Files.write(file, before.getBytes(UTF_8));
        }
      }
    }
  }

  @Test
  void nothing_is_found_where_nothing_is_wrong() {
    assertThat(run("check")).isEqualTo(new Outcome("SUBJECT   PROBLEM   REMEDY\n", "", 0));
    assertThat(run("check", "--max-age", "1h", "--repo", "/repo", "-q"))
        .isEqualTo(new Outcome("", "", 0));
  }

  @Test
  void a_repair_removes_stale_records_and_leaves_the_rest() throws IOException {
    reboot(root);
    Files.delete(root.resolve("volumes/idle/_data"));

    Outcome outcome = run("check", "--repair", "--format", PROBLEMS);

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output().lines())
        .containsExactly(
            "db: recorded as mounted at /mnt/db, but nothing is mounted there (repaired)",
            "web: recorded as mounted at /rootfs/data for shop, but nothing is mounted there"
                + " (repaired)",
            "idle: /keg/volumes/idle/_data is missing (open)");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(root.resolve("volumes/db/attachments")).isEmptyDirectory();
    assertThat(root.resolve("containers")).isEmptyDirectory();
  }

  @Test
  void a_repair_does_not_touch_what_is_held() {
    assertThat(run("check", "--repair").exit()).isZero();

    assertThat(run("mount", "-q").output().lines()).hasSize(2);
    assertThat(run("rm", "db").errors()).contains("volume is in use");
  }

  @Test
  void backups_are_missed_when_they_are_too_old_or_were_never_made() {
    run("create", "new");
    run("create", "-o", "type=tmpfs", "-o", "device=tmpfs", "memory");

    Outcome outcome = run("check", "--max-age", "1d", "--repo", "/repo", "--format", PROBLEMS);

    assertThat(outcome.output().lines()).containsExactly("new: has no backup in /repo (open)");
  }

  @Test
  void backups_that_are_young_need_not_be_verified_yet() {
    assertThat(run("check", "--max-unverified", "1d", "--repo", "/repo", "-q"))
        .isEqualTo(new Outcome("", "", 0));
    assertThat(run("check", "--max-unverified", "soon", "--repo", "/repo").exit()).isEqualTo(2);
    assertThat(run("check", "--repo", "/repo").exit()).isEqualTo(125);
  }

  @Test
  void a_backup_of_a_clock_that_was_ahead_is_not_recent() {
    keg.wait(Duration.ofDays(-30));
    String[] check = {"check", "--max-age", "1d", "--repo", "/repo", "--format", PROBLEMS, "db"};

    assertThat(run(check).output())
        .startsWith("db: its newest backup in /repo is from the future, so that its age is unknown")
        .hasLineCount(1);
    assertThat(
            run("check", "--max-unverified", "1d", "--repo", "/repo", "--format", PROBLEMS, "db")
                .output())
        .isEqualTo("db: none of its backups in /repo was ever verified (open)\n");
    Outcome listed = run("backups", "--check-age", "1d", "--repo", "/repo", "-q", "db");
    assertThat(listed.errors())
        .containsPattern(
            "the newest backup of db of host \\S+ is from the future, so that its age");
    assertThat(listed.exit()).isEqualTo(1);

    run("backup", "--to", "/repo", "--quiet", "db");
    assertThat(run(check)).isEqualTo(new Outcome("", "", 0));
    assertThat(run("backups", "--check-age", "1d", "--repo", "/repo", "-q", "db").exit()).isZero();
  }

  @Test
  void a_verified_backup_of_a_clock_that_was_ahead_is_not_recent() {
    String[] check = {
      "check", "--max-unverified", "1d", "--repo", "/repo", "--format", PROBLEMS, "db"
    };
    run("verify", "--repo", "/repo", "db");
    keg.wait(Duration.ofDays(-30));

    assertThat(run(check).output())
        .startsWith("db: its newest verified backup in /repo is from the future")
        .hasLineCount(1);

    run("backup", "--to", "/repo", "--quiet", "db");
    run("verify", "--repo", "/repo", "db");
    assertThat(run(check)).isEqualTo(new Outcome("", "", 0));
  }

  @Test
  void backups_without_a_recent_drill_are_found_on_request() {
    String[] check = {
      "check", "--max-undrilled", "1d", "--repo", "/repo", "--format", PROBLEMS, "db"
    };
    assertThat(run(check)).as("young backups").isEqualTo(new Outcome("", "", 0));

    keg.wait(Duration.ofDays(2));
    run("verify", "--repo", "/repo", "db");
    assertThat(run(check).output())
        .isEqualTo("db: none of its backups in /repo was ever drilled (open)\n");

    run("drill", "--from", "/repo", "--quiet", "db");
    assertThat(run(check).output())
        .startsWith("db: its newest drilled backup in /repo is older than 1d: ")
        .hasLineCount(1);

    run("backup", "--to", "/repo", "--quiet", "db");
    run("drill", "--from", "/repo", "--quiet", "db");
    assertThat(run(check)).isEqualTo(new Outcome("", "", 0));
    assertThat(run("check", "--max-unverified", "1d", "--repo", "/repo", "db").exit()).isZero();
    assertThat(run("check", "--max-undrilled", "soon", "--repo", "/repo").exit()).isEqualTo(2);
  }

  @Test
  void nobody_expects_a_backup_of_what_a_drill_restored() throws IOException {
    run("create", "drill.db.0123abcd");
    Files.createFile(root.resolve("volumes/drill.db.0123abcd/drill.lock"));

    Outcome outcome = run("check", "--max-age", "1d", "--repo", "/repo", "--format", PROBLEMS);

    assertThat(outcome.output())
        .isEqualTo("drill.db.0123abcd: was left by a drill that was killed (open)\n");
  }

  @Test
  void a_monitor_reads_one_line_and_the_exit_status() throws IOException {
    assertThat(run("check", "--format", "nagios"))
        .isEqualTo(new Outcome("KEG OK - nothing is wrong | findings=0\n", "", 0));

    Files.createDirectories(root.resolve("volumes/db/_data/.keg-cp-2f"));
    assertThat(run("check", "--format", "nagios"))
        .isEqualTo(
            new Outcome(
                "KEG WARNING - db: has .keg-cp-2f, left by a `keg cp` that was killed | findings=1\n",
                "",
                1));

    Files.delete(root.resolve("volumes/idle/_data"));
    assertThat(run("check", "--format", "nagios"))
        .isEqualTo(
            new Outcome(
                """
                KEG CRITICAL - idle: /keg/volumes/idle/_data is missing, and 1 more | findings=2
                idle: /keg/volumes/idle/_data is missing
                db: has .keg-cp-2f, left by a `keg cp` that was killed
                """,
                "",
                2));
    assertThat(run("check", "--format", "nagios", "nosuch"))
        .isEqualTo(new Outcome("KEG UNKNOWN - check nosuch: no such volume | findings=1\n", "", 3));
  }

  @Test
  void what_cannot_be_examined_is_distinguished_from_what_is_wrong() {
    assertThat(run("check", "nosuch").exit()).isEqualTo(2);
    assertThat(run("check", "--max-age", "1d", "--repo", "/nowhere").exit()).isEqualTo(2);
  }

  @Test
  void options_that_do_not_go_together_are_refused() {
    assertThat(run("check", "--deep", "--repair").exit()).isEqualTo(125);
    assertThat(run("check", "--limit", "5").errors()).startsWith("--limit requires --deep\n");
    assertThat(run("check", "--format", "nagios", "--repair").exit()).isEqualTo(125);
    assertThat(run("check", "--json", "-q").exit()).isEqualTo(125);
  }

  @Test
  void only_the_named_volumes_are_examined() throws IOException {
    Files.delete(root.resolve("volumes/idle/_data"));

    assertThat(run("check", "db", "web").exit()).isZero();
    assertThat(run("check", "idle").exit()).isEqualTo(1);
    assertThat(run("check", "nosuch").errors()).isEqualTo("Error: check nosuch: no such volume\n");
  }
}
