package dev.keg.backup.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.backup.BackedHost;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.FakePrograms.Result;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WritersTest {
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path data = files.getPath("/keg/volumes/db/_data");
  private final Path mounted = files.getPath("/srv/db");

  @BeforeEach
  void makePlaces() throws IOException {
    Files.createDirectories(data);
    Files.createDirectories(mounted);
    Files.createDirectories(files.getPath("/srv/other"));
    Files.createSymbolicLink(files.getPath("/link"), data);
  }

  private static Result says(String output) {
    return new Result(0, output, "");
  }

  private static String container(String id, String source, boolean writable, boolean removed) {
    return """
    {"Id":"%s","Name":"/name-%s","HostConfig":{"AutoRemove":%s},
     "Mounts":[{"Type":"tmpfs","Source":"","RW":true},{"Source":"%s","RW":%s}]}"""
        .formatted(id, id, removed, source, writable);
  }

  private Set<String> containers(String... described) throws Exception {
    FakePrograms docker =
        new FakePrograms(
            command ->
                says(
                    command.get(1).equals("ps") ? "1\n" : "[" + String.join(",", described) + "]"));
    return Supervisor.DOCKER.writers(docker, Set.of(data, mounted));
  }

  @ParameterizedTest
  @CsvSource({
    "/keg/volumes/db/_data, true",
    "/keg/volumes/db/_data/sub, true",
    "/keg/volumes, true",
    "/srv/db, true",
    "/link, true",
    "/srv/other, false",
    "/keg/volumes/db/_data2, false",
    "/gone, false"
  })
  void a_container_writes_where_the_volume_is(String source, boolean writes) throws Exception {
    assertThat(containers(container("1", source, true, false)))
        .isEqualTo(writes ? Set.of("1") : Set.of());
  }

  @Test
  void a_container_that_only_reads_keeps_running() throws Exception {
    assertThat(containers(container("1", "/srv/db", false, false))).isEmpty();
  }

  @Test
  void a_container_that_is_removed_when_it_stops_is_not_stopped() throws Exception {
    assertThat(containers(container("1", "/srv/other", true, true))).isEmpty();
    assertThatThrownBy(() -> containers(container("1", "/srv/db", true, true)))
        .isInstanceOf(IOException.class)
        .hasMessage("container name-1 is removed when it stops (--rm)");
  }

  @Test
  void nobody_stops_the_container_that_this_runs_in() throws Exception {
    Files.createDirectories(files.getPath("/proc/self"));
    Files.writeString(
        files.getPath("/proc/self/mountinfo"),
        """
        41 30 0:40 / /docker/containers/e1/mounts/shm rw - tmpfs shm rw
        652 641 8:1 /docker/containers/3f5/hostname /etc/hostname rw,relatime - ext4 /dev/sda1 rw
        """);
    assertThat(containers(container("e1", "/srv/db", true, false))).containsExactly("e1");
    assertThatThrownBy(() -> containers(container("3f5", "/srv/db", true, false)))
        .isInstanceOf(IOException.class)
        .hasMessage("this runs in container name-3f5 itself");
  }

  @Test
  void a_container_that_ends_while_they_are_listed_is_left_out() throws Exception {
    Queue<Result> answers =
        new ArrayDeque<>(
            List.of(
                says("1\n2\n"),
                new Result(1, "[]", "Error: No such container: 1"),
                new Result(0, "2\n", "WARN[0000] what podman says of old settings"),
                says("[" + container("2", "/srv/db", true, false) + "]")));
    FakePrograms podman = new FakePrograms(_ -> answers.remove());

    assertThat(Supervisor.PODMAN.writers(podman, Set.of(mounted))).containsExactly("2");
  }

  @Test
  void an_engine_that_does_not_answer_is_named() {
    FakePrograms docker =
        new FakePrograms(_ -> new Result(1, "", "Cannot connect to the Docker daemon\n"));
    assertThatThrownBy(() -> Supervisor.DOCKER.writers(docker, Set.of(mounted)))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot connect to the Docker daemon");
  }

  @ParameterizedTest
  @CsvSource({"0, , ", "1, port is taken, docker start 1: port is taken"})
  void what_a_killed_process_would_have_started_is_started(int exit, String said, String told)
      throws Exception {
    FakePrograms docker =
        new FakePrograms(
            command ->
                switch (command.getFirst() + " " + command.get(1)) {
                  case "docker ps" -> says("1");
                  case "docker container" ->
                      says("[" + container("1", "/srv/db", true, false) + "]");
                  case "docker start" -> new Result(exit, "", said == null ? "" : said);
                  default -> new Result(137, "noted\nstopped\n", "");
                });
    BackedHost host = new BackedHost();
    VolumeName db = host.create("db");
    StopNotes notes = host.context.stopNotes(docker);
    StoppedWriters stopped = StoppedWriters.stop(Supervisor.DOCKER, notes, db, Set.of(mounted));

    assertThat(stopped.writers()).as("somebody else has started it").containsExactly("1");
    assertThat(stopped.start()).isEqualTo(Optional.ofNullable(told));
    assertThat(docker.started().getLast()).containsExactly("docker", "start", "--", "1");
    try (Stream<Path> left = Files.list(host.registry.layout().stopped())) {
      assertThat(left).as("notes of what does not run").hasSize(exit);
    }
  }

  private void process(String pid, String cgroup, String open) throws IOException {
    Path process = files.getPath("/proc", pid);
    Files.createDirectories(process.resolve("fd"));
    Files.createSymbolicLink(process.resolve("cwd"), files.getPath("/"));
    Files.createSymbolicLink(process.resolve("fd/3"), files.getPath(open));
    Files.writeString(process.resolve("cgroup"), "1:name=other:/x.service\n" + cgroup + "\n");
  }

  /** The units to stop, given dependencies between units. */
  private Set<String> units(Map<String, String> shown) throws Exception {
    FakePrograms systemctl =
        new FakePrograms(command -> says(shown.getOrDefault(command.getLast(), "")));
    return Supervisor.SYSTEMD.writers(systemctl, Set.of(data, mounted));
  }

  @ParameterizedTest
  @CsvSource({
    "0::/system.slice/system-pg.slice/pg@15.service, pg@15.service",
    "4:name=systemd:/system.slice/pg.service, pg.service",
    "0::/machine.slice/web.service/libpod-payload-3f, web.service",
    "0::/user.slice/user-0.slice/user@0.service/app.slice/a.service,",
    "0::/system.slice/docker-3f.scope,",
    "0::/system.slice/system-keg\\x2dplugin.slice/keg-plugin@4-991-0.service,",
    "0::/system.slice/keg-maintain.service,",
    "0::/,"
  })
  void a_service_writes_if_one_of_its_processes_has_a_file_open(String cgroup, String service)
      throws Exception {
    process("self", "0::/system.slice/keg.service", "/dev/null");
    process("7", "0::/system.slice/keg.service", "/srv/db/log");
    process("8", cgroup, "/keg/volumes/db/_data/base (deleted)");
    process("9", "0::/system.slice/other.service", "/srv/db2/base");

    assertThat(units(Map.of())).isEqualTo(service == null ? Set.of() : Set.of(service));
  }

  @Test
  void a_service_is_found_where_links_lead_to_the_volume() throws Exception {
    process("8", "0::/system.slice/pg.service", "/keg/volumes/db/_data/base");
    Path linked = files.getPath("/link");
    FakePrograms systemctl = new FakePrograms(_ -> says(""));

    assertThat(Supervisor.SYSTEMD.writers(systemctl, Set.of(linked))).containsExactly("pg.service");
  }

  private void mounts(String pid, String namespace, String mounts) throws IOException {
    Path process = files.getPath("/proc", pid);
    Files.createDirectories(process.resolve("ns"));
    Files.createSymbolicLink(process.resolve("ns/mnt"), files.getPath(namespace));
    Files.writeString(process.resolve("mountinfo"), mounts);
  }

  /** Like a container of podman that a service runs, or a service with its own /tmp. */
  @Test
  void a_service_with_mounts_of_its_own_is_found_by_what_they_are() throws Exception {
    String host = "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n22 21 7:0 / /keg rw - ext4 /dev/loop0 rw\n";
    process("self", "0::/system.slice/keg.service", "/dev/null");
    mounts("self", "mnt:[1]", host);
    process("7", "0::/system.slice/db.service/libpod-payload-3f", "/var/my data/base");
    process("8", "0::/system.slice/web.service/libpod-payload-4f", "/srv/db/base");
    mounts(
        "7",
        "mnt:[2]",
        """
        31 1 0:50 / / rw - overlay overlay rw
        32 31 7:0 /volumes/db/_data/sub /var/my\\040data rw - ext4 /dev/loop0 rw
        """);
    mounts("8", "mnt:[3]", "31 1 0:51 / / rw - overlay overlay rw\n");
    process("9", "0::/system.slice/pg.service", "/srv/db/base");
    mounts("9", "mnt:[4]", host + "23 21 0:52 / /tmp rw - tmpfs tmpfs rw\n");

    assertThat(units(Map.of())).containsExactlyInAnyOrder("db.service", "pg.service");
  }

  @Test
  void what_would_stop_this_process_is_refused() throws Exception {
    process("self", "0::/system.slice/keg-backup.service", "/dev/null");
    process("8", "0::/system.slice/pg.service", "/srv/db/base");

    assertThatThrownBy(() -> units(Map.of("pg.service", "BoundBy=keg-backup.service")))
        .isInstanceOf(IOException.class)
        .hasMessage("keg-backup.service, which runs this, stops with pg.service");
  }

  @Test
  void what_stops_with_a_service_starts_with_it_again() throws Exception {
    process("8", "0::/system.slice/pg.service", "/srv/db/base");

    assertThat(
            units(
                Map.of(
                    "pg.service", "RequiredBy=app.service off.service\nBoundBy=\nConsistsOf=\n",
                    "app.service", "ActiveState=active",
                    "off.service", "ActiveState=inactive")))
        .containsExactly("pg.service", "app.service");
  }
}
