package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.server.FakeEtcd;
import dev.keg.fixtures.server.FakeServer.Behaviour;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of two hosts that share a registry in an etcd cluster. */
class SharedRegistryTest {
  private final MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, "/keg");
  private FakeEtcd etcd;

  @BeforeEach
  void init() throws IOException {
    etcd = new FakeEtcd(new FakeEtcd.Cluster(), true);
    mustRun("web1", "registry init");
  }

  @AfterEach
  void close() {
    etcd.close();
  }

  private Outcome run(String host, String line) {
    return run(host, FakeEtcd.PASSWORD, line);
  }

  private Outcome run(String host, String password, String line) {
    return run(host, line, Map.of("ETCDCTL_PASSWORD", password, "KEG_HOST", host));
  }

  private Outcome runUnnamed(String line) {
    return run("unnamed", line, Map.of("ETCDCTL_PASSWORD", FakeEtcd.PASSWORD, "HOME", "/home/me"));
  }

  private Outcome run(String directory, String line, Map<String, String> variables) {
    List<String> words = new ArrayList<>(Arrays.asList(line.split(" ")));
    words.addAll(1, List.of("--data", "/" + directory));
    Map<String, String> all = new HashMap<>(variables);
    all.put("KEG_ROOT", address(etcd));
    return keg.run(new Invocation(words, "", all));
  }

  private String mustRun(String host, String line) {
    Outcome outcome = run(host, line);
    assertThat(outcome.exit()).as("%s: %s", line, outcome.errors()).isZero();
    return outcome.output();
  }

  @Test
  void a_volume_is_made_on_one_host_and_seen_on_the_other() {
    mustRun("web1", "create db --label tier=gold");
    mustRun("web2", "create www");

    assertThat(mustRun("web2", "ls -q")).isEqualTo("db\nwww\n");
    assertThat(mustRun("web2", "ls -q --filter host=web1")).isEqualTo("db\n");
    assertThat(mustRun("web2", "inspect -f {{.Labels}} db")).contains("gold");
    assertThat(run("web2", "rm db").errors())
        .isEqualTo("Error: remove db: the volume is on host web1\nHint: run it there\n");
    mustRun("web1", "rm db");
    assertThat(mustRun("web2", "ls -q")).isEqualTo("www\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config host web3", "config --machine host web3"})
  void the_configuration_names_the_host_in_backups_and_in_the_registry(String config) {
    assertThat(runUnnamed("registry check").errors()).isEmpty();
    assertThat(runUnnamed(config).errors()).isEmpty();

    assertThat(runUnnamed("create db").errors()).isEmpty();
    assertThat(mustRun("web1", "ls -q --filter host=web3")).isEqualTo("db\n");
    assertThat(runUnnamed("config host").output()).isEqualTo("web3\n");
  }

  @Test
  void a_volume_is_made_on_the_host_that_is_meant() {
    assertThat(run("web1", "create --host web2 db").errors())
        .isEqualTo(
            """
            Error: create db: it was requested on host web2, not on web1
            Hint: run it on web2; `keg move` brings a volume to another host
            """);
    assertThat(mustRun("web1", "ls -q")).isEmpty();
    assertThat(mustRun("web2", "create --host web2 db")).isEqualTo("db\n");
    assertThat(mustRun("web1", "create --host web2 db")).isEqualTo("db\n");
    assertThat(run("web1", "create --host web1 db").errors())
        .contains("it was requested on host web1, not on web2");

    mustRun("web1", "create www");
    assertThat(mustRun("web1", "ls -q --host web2")).isEqualTo("db\n");
    assertThat(mustRun("web1", "ls -q --host web1 --host web2")).isEqualTo("db\nwww\n");
    assertThat(run("web1", "create --host web1 --attach vm1 d").exit()).isEqualTo(125);
  }

  @Test
  void a_machine_has_a_disk_through_the_store() {
    mustRun("web1", "create -d image -o size=4m -o fs=none disk");
    mustRun("web1", "attach disk vm1");

    assertThat(run("web2", "inspect --json disk").output()).contains("vm1 on host web1");
    assertThat(run("web1", "rename disk d2").errors()).contains("volume is in use - [vm1]");
    mustRun("web1", "detach disk vm1");
    assertThat(mustRun("web2", "inspect --json disk")).doesNotContain("on host web1");
    mustRun("web1", "rename disk d2");
    assertThat(mustRun("web2", "ls -q")).isEqualTo("d2\n");
  }

  @Test
  void a_check_says_that_the_store_does_not_answer() {
    mustRun("web1", "create db");
    assertThat(mustRun("web1", "check -q")).isEmpty();
    etcd.close();

    Outcome outcome = run("web1", "check --format {{.Subject}}:{{.Severity}}");

    assertThat(outcome.exit()).as(outcome.errors()).isEqualTo(1);
    assertThat(outcome.output()).isEqualTo(address(etcd).replaceFirst("\\?.*", "") + ":critical\n");
  }

  @Test
  void a_check_of_a_volume_elsewhere_names_its_host() {
    mustRun("web1", "create db");
    mustRun("web2", "create www");

    Outcome elsewhere = run("web2", "check www db");

    assertThat(elsewhere.output()).isEmpty();
    assertThat(elsewhere.errors())
        .isEqualTo("Error: check db: the volume is on host web1\nHint: run it there\n");
    assertThat(mustRun("web1", "check -q db")).isEmpty();
    assertThat(mustRun("web2", "check -q")).isEmpty();
  }

  @Test
  void what_needs_no_data_works_for_a_volume_elsewhere() {
    mustRun("web1", "create db");

    mustRun("web2", "update --label-add a=1 db");
    mustRun("web2", "unmount db");
    mustRun("web2", "create --like db copy");
    assertThat(mustRun("web2", "inspect -f {{.Labels}} copy")).contains("a:1");
    assertThat(run("web2", "snapshot create db").errors()).contains("the volume is on host web1");
  }

  @Test
  void what_is_on_another_host_is_not_measured() {
    mustRun("web1", "create db");

    assertThat(mustRun("web2", "df")).contains("db");
    assertThat(mustRun("web1", "df db")).contains("db");
  }

  @Test
  void only_volumes_of_the_own_host_are_pruned() {
    mustRun("web1", "create one");
    mustRun("web2", "create two");
    mustRun("web1", "prune --all --force");

    assertThat(mustRun("web1", "ls -q")).isEqualTo("two\n");
  }

  @Test
  void each_host_saves_and_looks_after_what_it_made() throws IOException {
    Files.createDirectories(keg.files().getPath("/backups"));
    mustRun("web1", "create one --label keg.backup.every=1d");
    mustRun("web2", "create two --label keg.backup.every=1d");

    assertThat(mustRun("web1", "backup --all --to /backups")).contains("one").doesNotContain("two");
    assertThat(mustRun("web1", "policy")).contains("one").doesNotContain("two");
    assertThat(run("web1", "policy two").errors())
        .startsWith("Error: policy two: the volume is on host web2\n");
  }

  @Test
  void a_host_that_is_gone_is_given_up_with_evidence_only() {
    mustRun("web2", "create -d image -o size=4m -o fs=none disk");
    mustRun("web2", "attach disk vm1");
    mustRun("web2", "host beat");

    assertThat(mustRun("web1", "host ls --format {{.Name}}:{{.Volumes}}:{{.Holders}}"))
        .isEqualTo("web2:1:1\n");
    assertThat(run("web1", "host rm web2").errors())
        .startsWith(
            "Error: host rm web2: it holds 1 volumes, has the data of 1, and may still be running\n"
                + "Hint: --fenced-by");
    assertThat(run("web1", "host rm --force web2").errors())
        .containsPattern("it was seen \\d+ s ago");
    assertThat(run("web2", "host rm --force web2").errors()).contains("it is this host");
    assertThat(run("web1", "host rm --force --forget-volumes web2").errors())
        .containsPattern("it was seen \\d+ s ago");
    assertThat(run("web1", "host ls --forget-volumes").exit()).isEqualTo(125);
    assertThat(run("web1", "host rm web3").errors()).contains("no such host: web3");
    assertThat(mustRun("web1", "host ls --format {{.Holders}}")).isEqualTo("1\n");
  }

  @Test
  void without_a_valid_password_a_host_can_still_release() {
    mustRun("web1", "create -d image -o size=4m -o fs=none disk");
    mustRun("web1", "attach disk vm1");

    assertThat(run("web1", "old", "ls").errors()).contains("authentication failed");
    assertThat(run("web1", "old", "attach disk vm2").exit()).isEqualTo(1);
    Outcome detached = run("web1", "old", "detach disk vm1");
    assertThat(detached.exit()).isZero();
    assertThat(detached.errors()).contains("still lists what was released here");
    mustRun("web1", "ls");
    assertThat(mustRun("web2", "host ls --format {{.Holders}}")).isEqualTo("0\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"S3://bucket/keg", "Etcd://db1/keg", "http://db1/keg", "ssh://db1/keg"})
  void an_address_without_a_store_is_not_taken_for_a_directory(String root) {
    Outcome outcome =
        keg.run(new Invocation(List.of("create", "db"), "", Map.of("KEG_ROOT", root)));

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.errors())
        .contains("invalid registry: unknown scheme")
        .contains("Hint: a directory, s3://");
    assertThat(keg.run(new Invocation(List.of("ls", "-q"), "", Map.of())).output()).isEmpty();
  }

  @Test
  void a_registry_is_copied_to_another_cluster() throws IOException {
    mustRun("web1", "create db");
    try (FakeEtcd other = new FakeEtcd(new FakeEtcd.Cluster(), true)) {
      String from = address(etcd);
      String to = address(other);
      Outcome differing = run("web1", "registry check " + from + " " + to);
      assertThat(differing.output()).contains("volumes/db.json: is not at etcd://" + other.host());
      assertThat(differing.errors()).isEqualTo("Error: there are differences, listed above\n");
      assertThat(differing.exit()).isEqualTo(1);
      assertThat(mustRun("web1", "registry copy " + from + " " + to))
          .isEqualTo(to + ": 1 records copied\n");
      assertThat(mustRun("web1", "registry check --json " + from + " " + to))
          .isEqualTo("{\"Registry\":\"" + to + "\"}\n");
      assertThat(mustRun("web1", "registry check")).endsWith(": ok\n");
      assertThat(mustRun("web1", "ls --root " + to + " -q")).isEqualTo("db\n");
    }
    assertThat(run("web1", "registry copy /a /b").errors()).contains("copy requires an s3://");
    assertThat(run("web1", "registry check /a").exit()).isEqualTo(125);
    assertThat(run("web1", "registry check /a /b").errors()).contains("'/a' is not an s3://");
    assertThat(run("web1", "registry init x").exit()).isEqualTo(125);
  }

  @Test
  void a_directory_becomes_a_part() {
    keg.run(new Invocation(List.of("--root", "/own", "create", "old"), "", Map.of()));
    assertThat(run("web1", "registry copy /own " + address(etcd)).errors())
        .contains("/own is this host's part of the registry now: use it with --root etcd://");

    assertThat(mustRun("own", "ls -q")).isEqualTo("old\n");
    assertThat(mustRun("own", "registry check")).endsWith(": ok\n");
    assertThat(run("web1", "rm old").errors()).contains("the volume is on host");
    mustRun("own", "rm old");
    assertThat(run("web1", "registry copy /none " + address(etcd)).errors())
        .isEqualTo("Error: registry copy: there is no registry in /none\n");
  }

  @Test
  void a_part_becomes_a_root_of_its_own_again() {
    mustRun("web1", "create db");
    mustRun("web2", "create www");
    mustRun("web2", "update db --label-add a=1");
    String copy = "registry copy " + address(etcd) + " ";

    Outcome differing = run("web1", copy + "/web1");
    assertThat(differing.output()).startsWith("db: other hosts gave it labels");
    assertThat(differing.exit()).isEqualTo(1);
    mustRun("web1", "update db --label-add a=1");
    Outcome left = run("web1", copy + "/web1");
    assertThat(left.output()).isEqualTo("/web1: 1 records copied\n");
    assertThat(left.errors())
        .isEqualTo("Warning: /web1 is a registry of its own now: use it with --root /web1\n");

    assertThat(keg.run(new Invocation(List.of("--root", "/web1", "ls", "-q"), "", Map.of())))
        .isEqualTo(new Outcome("db\n", "", 0));
    assertThat(mustRun("web2", "ls -q")).isEqualTo("www\n");
    assertThat(run("web1", copy + "/web1").errors())
        .startsWith("Error: registry copy: /web1 is not part of etcd://");
  }

  private static String address(FakeEtcd cluster) {
    return "etcd://" + cluster.host() + "/keg?user=" + FakeEtcd.USER;
  }

  @Test
  void a_command_that_lists_asks_once() {
    mustRun("web1", "create db");
    etcd.clearLog();
    mustRun("web1", "ls");
    assertThat(etcd.log()).containsExactly("POST /v3/auth/authenticate", "POST /v3/kv/range");
    etcd.clearLog();
    mustRun("web1", "inspect db");
    assertThat(etcd.log()).containsExactly("POST /v3/auth/authenticate", "POST /v3/kv/range");
    for (String line : List.of("ls", "create new", "rename new old", "rm old", "host beat")) {
      etcd.clearLog();
      mustRun("web1", line);
      assertThat(etcd.connections()).as(line).isEqualTo(1);
    }
  }

  @Test
  void a_store_that_fails_is_asked_again_and_then_reported() {
    mustRun("web1", "create db");
    etcd.plan(line -> line.contains("kv") ? Behaviour.BREAK_AFTER : Behaviour.SERVE);

    Outcome list = run("web1", "ls -q");
    assertThat(list.output()).isEqualTo("db\n");
    assertThat(list.errors()).startsWith("Warning: cut off from the shared registry");
    assertThat(run("web1", "create new").exit()).isEqualTo(1);
    etcd.plan(_ -> Behaviour.SERVE);
    assertThat(mustRun("web1", "ls -q")).startsWith("db\n");
  }
}
