package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No command without {@code --unprotect} deletes the data of a protected volume. */
class ProtectedVolumesTest {
  private final MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, "/keg");

  private Outcome run(String line) {
    return keg.run(new Invocation(Arrays.asList(line.split(" ")), "y\n", Map.of()));
  }

  private void mustRun(String line) {
    Outcome outcome = run(line);
    assertThat(outcome.exit()).as("%s: %s", line, outcome.errors()).isZero();
  }

  private Path data() {
    return keg.files().getPath("/keg/volumes/db/_data");
  }

  @BeforeEach
  void make() throws IOException {
    mustRun("create db --label tier=gold");
    Files.writeString(data().resolve("orders"), "old");
    Files.createDirectory(keg.files().getPath("/backups"));
    mustRun("backup db --to /backups");
    mustRun("export db -o /old.tar");
    Files.writeString(data().resolve("orders"), "new");
    mustRun("create other");
    mustRun("update db --protect");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rm db",
        "rm -f db",
        "rm --force db",
        "rm --delete-data db",
        "rm --force --delete-data db",
        "rm other db",
        "rm -f db other",
        "remove db",
        "remove --force db",
        "rm ID",
        "rm -f ID",
        "rm -f PREFIX",
        "prune",
        "prune -f",
        "prune --all",
        "prune -a -f",
        "prune --force --all",
        "prune --force --filter all=true",
        "prune --all --force --filter label=tier",
        "prune --all --force --filter label=tier=gold",
        "prune --all --force --filter until=2030-01-01",
        "prune --all --force --filter label!=nothing",
        "prune --all --dry-run",
        "restore db --from /backups --replace",
        "restore db --from /backups --replace --yes",
        "restore db --from /backups --replace --yes --trust",
        "restore db --from /backups --replace --yes --verify",
        "restore db --from /backups --replace --dry-run",
        "restore other --from /backups --to db --replace --yes",
        "restore ID --from /backups --replace --yes",
        "restore db --from /backups --yes",
        "restore db --from /backups --at latest --replace --yes",
        "restore db --from /old.tar --replace --yes",
        "restore db --undo",
        "restore db --discard",
        "import db /old.tar --replace",
        "import --replace --trust db /old.tar",
        "import ID /old.tar --replace",
        "resize db 1m",
        "compact db",
        "create db",
        "create -d tmpfs db",
        "create --strict --label a=b db",
        "clone other db",
        "clone db@latest db",
        "create --from other db",
        "create --from db@latest db",
        "create --like other db",
        "adopt --name db /backups",
        "drill db --from /backups",
        "maintain",
        "rename other db",
        "check --repair",
        "move db --undo",
        "move db --accept",
        "move db --pool nosuch",
        "unmount db",
        "pool rm default",
        "pool rm --lost default",
        "registry init /keg",
        "host rm here --force --fenced-by me --forget-volumes",
        "repo distrust /backups",
        "tune --reset db",
        "update db --label-rm tier --description gone",
        "update db --protect-until 2020-01-01"
      })
  void a_protected_volume_survives(String line) throws IOException {
    String id = run("inspect -f {{.Id}} db").output().strip();

    var _ = run(line.replace("ID", id).replace("PREFIX", id.substring(0, 8)));

    assertThat(Files.readString(data().resolve("orders"))).isEqualTo("new");
    assertThat(run("ls -q --filter protected=true").output()).isEqualTo("db\n");
  }

  /** For a volume in a pool, or with its data only in a repository; it returns unchanged. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "cold    | rm -f db",
        "cold    | prune --all --force",
        "cold    | pool rm cold",
        "cold    | pool rm --lost cold",
        "cold    | create --pool default db",
        "cold    | move db --pool archive",
        "cold    | restore db --from /backups --replace --yes",
        "archive | rm db",
        "archive | rm -f db",
        "archive | rm --force --delete-data db",
        "archive | prune --all --force",
        "archive | pool rm archive",
        "archive | pool rm --lost archive",
        "archive | forget ARCHIVED --repo /backups",
        "archive | forget ARCHIVED --repo /backups --force",
        "archive | forget db --repo /backups --keep-last 1",
        "archive | forget --repo /backups --keep-last 1",
        "archive | restore db --from /backups --replace --yes",
        "archive | import db /old.tar --replace",
        "archive | create db",
        "archive | create --from other db",
        "archive | clone other db",
        "archive | rename other db",
        "archive | adopt --name db /backups",
        "archive | move other --pool archive",
        "archive | move db --undo",
        "archive | snapshot create db",
        "archive | resize db 1m",
        "archive | repo distrust /backups",
        "archive | repo accept /backups",
        "archive | check --repair",
        "archive | maintain",
      })
  void a_protected_volume_survives_in_a_pool_and_in_an_archive(String pool, String line)
      throws IOException {
    mustRun("pool add cold /cold");
    mustRun("pool add archive --repo /backups");
    mustRun("move db --pool " + pool);
    String backups = run("backups --repo /backups -q db").output().strip();
    assertThat(backups).isNotEmpty();

    var _ = run(line.replace("ARCHIVED", String.join(" ", backups.lines().toList())));

    assertThat(run("ls -q --filter protected=true").output()).isEqualTo("db\n");
    mustRun("repo trust /backups");
    mustRun("move db --pool default");
    assertThat(Files.readString(data().resolve("orders"))).isEqualTo("new");
    assertThat(run("ls -q --filter protected=true").output()).isEqualTo("db\n");
  }

  /** Commands on a volume with a snapshot, which would be refused for that reason alone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rm --snapshots db",
        "rm --force --snapshots db",
        "rm --snapshots --delete-data db",
        "snapshot restore db one --yes",
        "snapshot restore db@one --yes",
        "snapshot rm db one",
        "snapshot rm db@one",
        "snapshot create db one",
        "clone db@one db",
        "create --from db@one db",
        "cp db@one:/ db:/older",
        "maintain"
      })
  void a_protected_volume_keeps_its_snapshots(String line) throws IOException {
    mustRun("update db --unprotect");
    mustRun("snapshot create --expires 1h db one");
    mustRun("update db --protect");

    var _ = run(line);

    assertThat(Files.readString(data().resolve("orders"))).isEqualTo("new");
    assertThat(run("snapshot ls -q db").output()).isEqualTo("db@one\n");
  }

  @Test
  void a_renamed_volume_stays_protected() throws IOException {
    mustRun("rename db db2");

    assertThat(run("rm -f db2").errors()).contains("remove db2: volume is protected");
    assertThat(keg.files().getPath("/keg/volumes/db2/_data/orders")).hasContent("new");
  }

  @Test
  void the_same_lines_work_without_protection() throws IOException {
    mustRun("update db --unprotect");

    mustRun("restore db --from /backups --replace --yes");
    assertThat(Files.readString(data().resolve("orders"))).isEqualTo("old");
    mustRun("restore db --undo");
    assertThat(Files.readString(data().resolve("orders"))).isEqualTo("new");
    mustRun("import db /old.tar --replace");
    assertThat(Files.readString(data().resolve("orders"))).isEqualTo("old");
    mustRun("prune --all --force");
    assertThat(run("ls -q").output()).isEmpty();
  }

  @Test
  void protection_ends_at_the_given_time() {
    MemoryKeg slow = new MemoryKeg(MemoryKeg.UNIX, "/keg", Duration.ofDays(30));
    List<String> lines = List.of("create db --protect-until 2027-01-10", "rm db", "rm db");

    assertThat(lines.stream().map(line -> slow.run(Invocation.of(line.split(" "))).exit()))
        .containsExactly(0, 1, 0);
  }
}
