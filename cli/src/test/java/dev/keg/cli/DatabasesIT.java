package dev.keg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.fixtures.condition.NeedsTool;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of {@code docs/databases.md}, on real databases during writes. */
class DatabasesIT {
  private static final Path PAGE = Path.of("docs", "databases.md");
  private static final Path POSTGRES = Path.of("/usr/lib/postgresql/15/bin");

  private static final String INITIALIZE = "initdb -D data -A trust >/dev/null";
  private static final String HISTORY = "SELECT count(*) FROM pgbench_history";

  @TempDir Path scratch;
  private BackupShell shell;

  @BeforeEach
  void make() throws IOException {
    Files.createDirectory(scratch.resolve("repo"));
    shell = new BackupShell(scratch.resolve("root"), scratch.resolve("repo").toString(), Map.of());
  }

  /** The first command in the section that makes a backup. */
  private String recipe(String section) throws IOException {
    String page = Files.readString(PAGE);
    String text = page.substring(page.indexOf("## " + section + "\n"));
    return Pattern.compile("```sh\n(keg backup .*?)```", Pattern.DOTALL)
        .matcher(text)
        .results()
        .map((MatchResult result) -> result.group(1))
        .findFirst()
        .orElseThrow()
        .replace("/srv/backups", shell.repository());
  }

  private String sh(String script) throws IOException, InterruptedException {
    String keg = "keg() { '%s' \"$@\"; }\n".formatted(BuiltProgram.path());
    ProcessBuilder builder = new ProcessBuilder("sh", "-ec", keg + script);
    builder.environment().putAll(BuiltProgram.ENVIRONMENT);
    builder.environment().put("KEG_ROOT", shell.root().toString());
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("%s: %s", script, output).isZero();
    return output.strip();
  }

  @Test
  @NeedsTool(value = "sqlite3", from = "sqlite3")
  void sqlite_is_copied_while_it_is_written_to() throws Exception {
    shell.keg("create", "app");
    Path data = shell.data("app");
    sh(
        """
        cd '%s'
        sqlite3 app.db 'PRAGMA journal_mode=wal; CREATE TABLE t (n INTEGER)'
        for i in 1 2 3 4 5; do sqlite3 app.db "INSERT INTO t VALUES ($i)"; done
        """
            .formatted(data));
    Process writer =
        new ProcessBuilder(
                "sh", "-c", "while sqlite3 app.db 'INSERT INTO t VALUES (0)'; do :; done")
            .directory(data.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      sh(recipe("SQLite"));
    } finally {
      writer.destroy();
      writer.waitFor();
    }
    shell.keg("restore", "--to", "app2", "app");

    try (Stream<Path> files = Files.list(shell.data("app2"))) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("app.copy.db");
    }
    assertThat(
            sh(
                "sqlite3 '%s/app.copy.db' 'PRAGMA integrity_check; SELECT sum(n) FROM t'"
                    .formatted(shell.data("app2"))))
        .isEqualTo("ok\n15");
  }

  @Test
  @NeedsRoot
  @NeedsNative
  @NeedsKernel({"loop", "ext4"})
  @NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
  @NeedsTool(value = "pgbench", from = "postgresql-contrib")
  @NeedsTool(value = "initdb", from = "postgresql-15")
  void postgresql_is_frozen_while_it_is_written_to() throws Exception {
    Path one = place("pg");
    Path other = place("pg-test");
    createAndMount("pg", "400m");
    try {
      server(one, INITIALIZE, "start");
      query(one, "CREATE TABLE t (n SERIAL)");
      Process writer = writer(one);
      try {
        while (Long.parseLong(query(one, "SELECT count(*) FROM t")) < 20) {}
        long before = Long.parseLong(query(one, "SELECT count(*) FROM t"));
        backUpFrozen();
        startRestored();
        assertThat(Long.parseLong(query(other, "SELECT count(*) FROM t")))
            .isGreaterThanOrEqualTo(before);
      } finally {
        writer.destroy();
        writer.waitFor();
      }
    } finally {
      stop(other, "pg-test");
      stop(one, "pg");
    }
  }

  /** A single try may succeed by chance. */
  @Test
  @NeedsTime
  @NeedsRoot
  @NeedsNative
  @NeedsKernel({"loop", "ext4"})
  @NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
  @NeedsTool(value = "pgbench", from = "postgresql-contrib")
  @NeedsTool(value = "initdb", from = "postgresql-15")
  void twenty_of_twenty_backups_under_pgbench_have_each_row_that_was_committed() throws Exception {
    Path one = place("pg");
    Path other = place("pg-test");
    createAndMount("pg", "600m");
    try (AutoCloseable _ = () -> stop(one, "pg")) {
      server(one, INITIALIZE, "start");
      sh("pgbench -qih '%s' -U postgres postgres".formatted(socket(one)));
      Process bench = bench(one);
      try {
        for (int attempt = 1; attempt <= 20; attempt++) {
          long before = Long.parseLong(query(one, HISTORY));
          backUpFrozen();
          try (AutoCloseable _ = () -> stop(other, "pg-test")) {
            startRestored();
            assertThat(Long.parseLong(query(other, HISTORY)))
                .as("transactions in attempt " + attempt)
                .isGreaterThanOrEqualTo(before);
            assertThat(query(other, "SELECT sum(abalance) FROM pgbench_accounts"))
                .isEqualTo(query(other, "SELECT sum(delta) FROM pgbench_history"));
          }
          assertThat(bench.isAlive()).isTrue();
        }
      } finally {
        bench.destroy();
        bench.waitFor();
      }
    }
  }

  /** The reader of the backup is so slow that it takes five times as long as the limit. */
  @Test
  @NeedsTime
  @NeedsRoot
  @NeedsNative
  @NeedsKernel({"loop", "ext4"})
  @NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
  @NeedsTool(value = "pgbench", from = "postgresql-contrib")
  @NeedsTool(value = "initdb", from = "postgresql-15")
  void no_transaction_waits_longer_than_the_limit_of_a_freeze() throws Exception {
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path place = scratch.resolve("pg");
    Path times = scratch.resolve("times");
    shell.keg("create", "-d", "loop", "-o", "size=600m", "pg");
    shell.keg("mount", "--mkdir", "pg", place.toString());
    try (AutoCloseable _ = () -> stop(place, "pg")) {
      server(place, "initdb -D data -A trust >/dev/null", "start");
      sh("pgbench -qih '%s' -U postgres postgres".formatted(socket(place)));
      // Fifty in a second show how long they wait, and leave the processor to other tests.
      Process bench = bench(place, "-R", "50", "-T", "35", "-l", "--log-prefix=" + times);
      while (Long.parseLong(query(place, HISTORY)) < 20) {}
      String told =
          sh(
              "{ keg backup --freeze --exclude postmaster.pid -o - pg 2>'%s' || echo $?; } | { sleep 25; tail -c 2; }; cat '%s'"
                  .formatted(scratch.resolve("errors"), scratch.resolve("errors")));
      assertThat(bench.waitFor()).isZero();
      Duration longest = longestTransaction(scratch, times.getFileName() + ".*");

      assertThat(told).contains("was thawed after 5.0 seconds");
      // After the thaw, a busy machine needs time to flush the transaction that has waited.
      assertThat(longest).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(10));
    }
  }

  /**
   * From the logs of pgbench, without the time by which a transaction began too late because of
   * earlier ones:
   *
   * <pre>
   * client transaction microseconds script seconds micros lag
   * 0 199 2241 0 1175850568 995598 17
   * </pre>
   */
  private static Duration longestTransaction(Path directory, String logs) throws IOException {
    long longest = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, logs)) {
      for (Path file : files) {
        for (String line : Files.readAllLines(file)) {
          String[] fields = line.split(" ", -1);
          longest = Math.max(longest, Long.parseLong(fields[2]) - Long.parseLong(fields[6]));
        }
      }
    }
    return Duration.of(longest, ChronoUnit.MICROS);
  }

  /** Nothing is left of the host except the backups that maintenance wrote to another disk. */
  @Test
  @NeedsRoot
  @NeedsNative
  @NeedsKernel({"loop", "ext4"})
  @NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
  @NeedsTool(value = "pgbench", from = "postgresql-contrib")
  @NeedsTool(value = "initdb", from = "postgresql-15")
  void one_command_brings_all_volumes_of_a_lost_host_back() throws Exception {
    Path place = place("pg");
    Path elsewhere = Files.createDirectory(scratch.resolve("elsewhere"));
    String both = shell.repository() + "," + elsewhere;
    create("pg", "-d", "loop", "-o", "size=400m", "--label", "keg.backup.freeze=60s");
    create("files");
    shell.write("files", "note", "kept");
    Files.writeString(
        shell.root().resolve("policy.json"),
        "{\"schema\":1,\"rules\":[{\"name\":\"none\",\"backup.to\":\"%s\"}]}".formatted(both));
    shell.keg("mount", "--mkdir", "pg", place.toString());
    // Reports the first failure, not the failure to stop the server after it.
    try (AutoCloseable _ = () -> stop(place, "pg")) {
      server(place, INITIALIZE, "start");
      query(place, "CREATE TABLE t (n INTEGER)");
      sh("pgbench -qih '%s' -U postgres postgres".formatted(socket(place)));
      Process bench = bench(place);
      try {
        shell.keg("maintain");
        query(place, "INSERT INTO t VALUES (42)");
        shell.keg("update", "--label-add", "keg.backup.to=" + both, "pg", "files");
        shell.keg("maintain");
      } finally {
        bench.destroy();
        bench.waitFor();
      }
      server(place, "stop -m immediate");
      shell.keg("unmount", "--lazy", "pg");
      sh("rm -r '%s' '%s'".formatted(shell.root(), shell.repository()));

      shell.keg("restore", "--all", "--same-place", "--from", elsewhere.toString());

      shell.keg("mount", "--mkdir", "pg", place.toString());
      // The file names a process of the old server, which nothing may have reaped yet on this host.
      sh("rm '%s/data/postmaster.pid'".formatted(place));
      server(place, "start");
      assertThat(query(place, "SELECT n FROM t")).isEqualTo("42");
      assertThat(query(place, "SELECT count(*) FROM pgbench_accounts")).isEqualTo("100000");
      assertThat(shell.data("files").resolve("note")).hasContent("kept");
      assertThat(shell.keg("inspect", "-f", "{{.Driver}} {{.Labels}}", "pg").getFirst())
          .startsWith("loop ")
          .contains("keg.backup.to:" + both);
    }
  }

  /** The mount point of a server's volume, which belongs to another user. */
  private Path place(String volume) throws IOException {
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
    return scratch.resolve(volume);
  }

  private void createAndMount(String volume, String size) throws Exception {
    shell.keg("create", "-d", "loop", "-o", "size=" + size, volume);
    shell.keg("mount", "--mkdir", volume, place(volume).toString());
  }

  /** As the page says: if the limit is not enough, it is raised. */
  private void backUpFrozen() throws Exception {
    String backup = recipe("PostgreSQL: freeze the volume").strip();
    String patient = backup.replace("--freeze", "--freeze --freeze-limit 60");
    sh(backup + " || { [ $? = 3 ] && " + patient + "; }");
  }

  /** Starts a second server on the restored data of the first. */
  private void startRestored() throws Exception {
    shell.keg("restore", "--to", "pg-test", "pg");
    shell.keg("mount", "--mkdir", "pg-test", place("pg-test").toString());
    server(place("pg-test"), "start");
  }

  /** A volume with a policy. */
  private void create(String name, String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of("create"));
    words.addAll(List.of(options));
    words.addAll(
        List.of(
            "--label",
            "keg.backup.every=1h",
            "--label",
            "keg.backup.to=" + shell.repository(),
            name));
    shell.keg(words.toArray(String[]::new));
  }

  private static Process bench(Path place) throws IOException {
    return bench(place, "-T", "1800");
  }

  private static Process bench(Path place, String... options) throws IOException {
    List<String> line = new ArrayList<>(List.of("pgbench", "-n", "-h", "" + socket(place)));
    line.addAll(List.of(options));
    line.addAll(List.of("-U", "postgres", "postgres"));
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void stop(Path place, String volume) throws Exception {
    if (Files.exists(place.resolve("data"))) {
      if (Files.exists(place.resolve("data/postmaster.pid"))) {
        server(place, "stop");
      }
      shell.keg("unmount", place.toString());
      shell.keg("rm", volume);
    }
  }

  private Process writer(Path place) throws IOException {
    return new ProcessBuilder(
            "sh",
            "-c",
            "while psql -qh '%s' -U postgres -c 'INSERT INTO t DEFAULT VALUES'; do :; done"
                .formatted(socket(place)))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private String query(Path place, String sql) throws Exception {
    return sh("psql -Atqh '%s' -U postgres -c '%s'".formatted(socket(place), sql));
  }

  /** The server's socket: outside its data, which is copied for a second server. */
  private static Path socket(Path place) {
    return place.resolveSibling(place.getFileName() + "-socket");
  }

  /** Runs programs of the server as its user. */
  private void server(Path place, String... steps) throws Exception {
    sh("install -d -o postgres -g postgres -m 700 '%s'".formatted(socket(place)));
    if (steps.length == 2) {
      sh("install -d -o postgres -g postgres -m 700 '%s/data'".formatted(place));
    }
    for (String step : List.of(steps)) {
      String command =
          step.startsWith("initdb")
              ? step
              : "pg_ctl -D data -w -s -l data/log -o \"-k '%s' -c listen_addresses=''\" -m fast %s"
                  .formatted(socket(place), step);
      sh(
          "cd '%s'; PATH=%s:$PATH; export PATH; setpriv --reuid=postgres --regid=postgres --init-groups %s || { tail -n 20 data/log; exit 1; }"
              .formatted(place, POSTGRES, command));
    }
  }
}
