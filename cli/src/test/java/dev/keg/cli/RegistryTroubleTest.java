package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.replica.RegistryStores;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.s3.FakeS3;
import dev.keg.backup.store.s3.S3Environment;
import dev.keg.fixtures.server.FakeEtcd;
import dev.keg.fixtures.server.FakeServer;
import dev.keg.fixtures.server.FakeServer.Behaviour;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.registry.record.RecordStore;
import dev.keg.registry.record.RecordStore.StoredRecord;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Problems with a shared registry are reported, and the rest works, in either store. */
class RegistryTroubleTest {
  /**
   * The remains of another, older or newer program, or of half a request: the place, and the
   * expected message.
   */
  private static final String RECORDS =
      """
      volumes/torn.json  | {"schema":1,"ser    | volume torn is damaged: volumes/torn.json: it is cut
      volumes/none.json  |                     | volume none is damaged: volumes/none.json: it is
      volumes/notes.txt  | hello               | volumes/notes.txt is not a volume
      volumes/other.json | {"name":"other"}    | volume other is damaged: volumes/other.json:
      volumes/older.json | {"schema":0}        | volume older is damaged: volumes/older.json:
      volumes/newer.json | {"schema":99,"x":1} | volumes/newer.json has schema 99
      """;

  private final MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, "/keg");
  private Kind kind = Kind.ETCD;
  private FakeServer server;

  private enum Kind {
    S3,
    ETCD
  }

  RegistryTroubleTest() throws IOException {
    server = new FakeEtcd(new FakeEtcd.Cluster(), true);
  }

  private void start(Kind chosen) throws IOException {
    kind = chosen;
    if (kind == Kind.S3) {
      server.close();
      server = new FakeS3();
    }
    mustRun("registry init");
    mustRun("create good");
    mustRun("create -d image -o size=4m -o fs=none disk");
    mustRun("attach disk vm1");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private String address() {
    return kind == Kind.S3
        ? "s3://%s/keg?endpoint=http://%s".formatted(FakeS3.BUCKET, server.host())
        : "etcd://%s/keg?user=%s".formatted(server.host(), FakeEtcd.USER);
  }

  private Map<String, String> variables(boolean valid) {
    Map<String, String> variables =
        new HashMap<>(Map.of("KEG_ROOT", address(), "KEG_HOST", "web1"));
    if (kind == Kind.S3) {
      variables.put("AWS_ACCESS_KEY_ID", FakeS3.CREDENTIALS.accessKey());
      variables.put("AWS_SECRET_ACCESS_KEY", valid ? FakeS3.CREDENTIALS.secretKey() : "wr0ng");
    } else {
      variables.put("ETCDCTL_PASSWORD", valid ? FakeEtcd.PASSWORD : "wr0ng");
    }
    return variables;
  }

  private Outcome run(String line) {
    return run("/web1", line, true);
  }

  private Outcome run(String data, String line, boolean valid) {
    List<String> words = new ArrayList<>(Arrays.asList(line.split(" ")));
    words.addAll(1, List.of("--data", data));
    return keg.run(new Invocation(words, "", variables(valid)));
  }

  private String mustRun(String line) {
    Outcome outcome = run(line);
    assertThat(outcome.exit()).as("%s: %s", line, outcome.errors()).isZero();
    return outcome.output();
  }

  private void write(String key, String text) {
    FileSystem files = keg.files();
    Backoff backoff = new Backoff(new SplittableRandom(1), _ -> {}, _ -> {});
    RegistryStores stores =
        new RegistryStores(
            files,
            variables(true),
            () ->
                new S3Environment(
                    variables(true),
                    files.getPath("/home"),
                    new FakePrograms(_ -> new FakePrograms.Result(1, "", "")),
                    InstantSource.system(),
                    backoff,
                    StoreLimits.NONE,
                    _ -> {}),
            backoff,
            _ -> {});
    try (RecordStore store = stores.open(address())) {
      String version = store.get(key).map(StoredRecord::version).orElse(RecordStore.NONE);
      assertThat(store.put(key, text, version)).isPresent();
    }
  }

  static Stream<Arguments> records() {
    return RECORDS
        .lines()
        .map(line -> line.split("\\s*\\|\\s*", -1))
        .flatMap(
            cells ->
                Stream.of(Kind.values())
                    .map(store -> Arguments.of(store, cells[0], cells[1], cells[2])));
  }

  @ParameterizedTest
  @MethodSource("records")
  void a_record_that_cannot_be_read_is_reported_and_hides_no_other(
      Kind store, String key, String text, String message) throws IOException {
    start(store);
    write(key, text);

    Outcome list = run("ls --format {{.Name}}");
    assertThat(list.output()).isEqualTo("disk\ngood\n");
    assertThat(list.errors()).contains(message);
    assertThat(list.exit()).isEqualTo(1);
    String name = key.replaceFirst("^volumes/(.*)\\.(json|txt)$", "$1");
    if (key.endsWith(".json")) {
      assertThat(run("inspect " + name).errors()).contains(message);
      assertThat(run("create " + name).exit()).isEqualTo(1);
    }
    assertThat(run("registry check").output()).contains(message);
    mustRun("inspect good");
    mustRun("update --label-add a=1 good");
    mustRun("host beat");
    mustRun("detach disk vm1");
    mustRun("create new");
    mustRun("rm new disk");
  }

  @ParameterizedTest
  @EnumSource
  void a_host_that_cannot_be_read_hides_no_other(Kind store) throws IOException {
    start(store);
    mustRun("host beat");
    write("hosts/torn.json", "{\"sch");
    write("hosts/newer.json", "{\"schema\":99}");

    Outcome hosts = run("host ls --format {{.Name}}");
    assertThat(hosts.output()).isEqualTo("web1\n");
    assertThat(hosts.errors())
        .contains("hosts/torn.json")
        .contains("hosts/newer.json has schema 99");
    mustRun("ls");
  }

  @ParameterizedTest
  @EnumSource
  void a_registry_of_a_newer_version_is_joined_by_nobody(Kind store) throws IOException {
    start(store);
    write("keg.json", "{\"schema\":99}");

    assertThat(run("/web2", "ls", true).errors()).contains("keg.json has schema 99");
    assertThat(keg.files().getPath("/web2/shared.json")).doesNotExist();
    write("keg.json", "hello");
    assertThat(run("/web2", "ls", true).errors()).contains("keg.json is damaged");
    assertThat(mustRun("ls -q")).isEqualTo("disk\ngood\n");
  }

  @ParameterizedTest
  @EnumSource
  void other_objects_beside_the_registry_are_ignored(Kind store) throws IOException {
    start(store);
    write("backups/x", "hello");
    write("notes.txt", "hello");

    assertThat(mustRun("ls -q")).isEqualTo("disk\ngood\n");
    mustRun("registry check");
  }

  @ParameterizedTest
  @EnumSource
  void wrong_credentials_are_reported_and_what_is_held_can_be_released(Kind store)
      throws IOException {
    start(store);

    Outcome list = run("/web1", "ls", false);
    assertThat(list.exit()).isEqualTo(1);
    assertThat(list.errors())
        .contains(kind == Kind.S3 ? "SignatureDoesNotMatch" : "authentication failed")
        .contains(kind == Kind.S3 ? "check AWS_ACCESS_KEY_ID" : "ETCDCTL_PASSWORD")
        .doesNotContain("wr0ng");
    assertThat(run("/web1", "create new", false).exit()).isEqualTo(1);
    assertThat(run("/web1", "detach disk vm1", false).exit()).isZero();
    assertThat(mustRun("ls -q")).isEqualTo("disk\ngood\n");
    mustRun("rm disk");
  }

  @ParameterizedTest
  @EnumSource
  void a_session_that_is_over_is_reported(Kind store) throws IOException {
    start(store);
    server.plan(line -> line.contains("authenticate") ? Behaviour.SERVE : Behaviour.TOKEN_IS_OVER);

    Outcome list = run("ls");
    assertThat(list.exit()).isEqualTo(1);
    assertThat(list.errors())
        .contains(kind == Kind.S3 ? "ExpiredToken" : "invalid auth token")
        .contains(kind == Kind.S3 ? "the session is over; sign in again" : "");
    assertThat(run("detach disk vm1").exit()).isZero();
    server.plan(_ -> Behaviour.SERVE);
    assertThat(mustRun("ls -q")).isEqualTo("disk\ngood\n");
  }

  /** Etcd requires no time, and the store's clock determines how long a host has been silent. */
  @ParameterizedTest
  @EnumSource
  void a_wrong_clock_is_reported_where_it_matters(Kind store) throws IOException {
    start(store);
    keg.wait(Duration.ofDays(4000));
    if (server instanceof FakeS3 s3) {
      s3.heedClock();
      assertThat(run("ls").errors())
          .contains("RequestTimeTooSkewed")
          .contains("Hint: set this machine's clock");
      assertThat(run("detach disk vm1").exit()).isZero();
    } else {
      mustRun("host beat");
      assertThat(mustRun("host ls --format {{.Name}}")).isEqualTo("web1\n");
      mustRun("detach disk vm1");
    }
  }

  /** Some servers support conditions for writes but not for deletions. */
  @Test
  void what_is_removed_is_not_listed_where_nothing_is_deleted() throws IOException {
    kind = Kind.S3;
    server.close();
    server = new FakeS3();
    server.plan(line -> line.startsWith("DELETE") ? Behaviour.IGNORANT : Behaviour.SERVE);
    mustRun("registry init");
    mustRun("create good");
    mustRun("create old");
    mustRun("rm old");

    assertThat(mustRun("ls --format {{.Name}}")).isEqualTo("good\n");
    assertThat(mustRun("ls -q")).isEqualTo("good\n");
    mustRun("rename good old");
    assertThat(mustRun("ls -q")).isEqualTo("old\n");
  }
}
