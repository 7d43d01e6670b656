package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Docker and podman create, mount and remove volumes through {@code keg plugin}. */
@NeedsRoot
@NeedsTool(value = "busybox", from = "busybox-static")
@NeedsTool(value = "runc", from = "runc")
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
@NeedsTool(value = "systemd-socket-activate", from = "systemd")
@Tag("native")
class EnginesAskKegIT {
  /** Java needs about a second of processor time for each. */
  private static final int CONTAINERS = BuiltProgram.isNative() ? 32 : 4;

  @RegisterExtension final MachineState machine = new MachineState();

  private final Engines engines = new Engines(machine);

  @BeforeEach
  void image() throws Exception {
    engines.makeImage();
    engines.listen();
  }

  @AfterEach
  void end() throws Exception {
    engines.close();
  }

  private String keg(String... arguments) throws Exception {
    var all = new ArrayList<>(List.of("--root", engines.at("keg")));
    all.addAll(List.of(arguments));
    Outcome outcome = BuiltProgram.run(all.toArray(String[]::new));
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
    return outcome.output();
  }

  private String docker(String... arguments) throws Exception {
    return engines.succeed(engines.docker(arguments));
  }

  private String podman(String... arguments) throws Exception {
    return engines.succeed(engines.podman(arguments));
  }

  /** Appends a line to a file of the volume at each start. */
  private static String[] container(String name, String volume, String... options) {
    List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name));
    command.addAll(List.of(options));
    command.addAll(List.of("--network", "none", "-v", volume + ":/data", "bb:1"));
    command.addAll(List.of("/bin/sh", "-c", "echo content >>/data/file; exec sleep 1000"));
    return command.toArray(String[]::new);
  }

  private boolean isMounted() throws Exception {
    return isMounted("db");
  }

  private boolean isMounted(String volume) throws Exception {
    return Files.readString(Path.of("/proc/self/mountinfo"))
        .contains(engines.at("keg/volumes/" + volume + "/_data"));
  }

  @Test
  @NeedsTool(value = "dockerd", from = "docker.io")
  @NeedsTool(value = "docker", from = "docker.io")
  void a_volume_of_docker_from_creation_to_removal() throws Exception {
    engines.startDocker();
    String driver = engines.driver();
    docker(
        "volume",
        "create",
        "-d",
        driver,
        "-o",
        "driver=loop",
        "-o",
        "size=20m",
        "-o",
        "label.tier=gold",
        "db");

    assertThat(keg("ls", "--filter", "label=tier=gold", "--format", "{{.Driver}} {{.Name}}"))
        .isEqualTo("loop db\n");
    docker(container("one", "db"));
    docker("run", "--rm", "--network", "none", "-v", "db:/data", "bb:1", "/bin/cat", "/data/file");
    docker("cp", "one:/data/file", engines.at("copy"));

    assertThat(isMounted()).as("docker cp has ended the id of the container").isTrue();
    assertThat(docker("exec", "one", "/bin/cat", "/data/file")).isEqualTo("content\n");
    docker("rm", "-f", "one");
    assertThat(isMounted()).isFalse();
    docker("volume", "rm", "db");
    assertThat(keg("ls", "-q")).isEmpty();
  }

  @Test
  @NeedsTool(value = "dockerd", from = "docker.io")
  @NeedsTool(value = "docker", from = "docker.io")
  void what_a_killed_docker_left_ends_with_the_next_command() throws Exception {
    engines.startDocker();
    for (String name : List.of("killed", "ended", "restarted")) {
      docker(
          "volume", "create", "-d", engines.driver(), "-o", "driver=loop", "-o", "size=20m", name);
      // The next docker ends them, and an init process ignores other signals until the time limit.
      docker(
          container(
              name,
              name,
              "--stop-signal=KILL",
              "--restart=" + (name.equals("restarted") ? "always" : "no")));
    }
    int process = Integer.parseInt(docker("inspect", "-f", "{{.State.Pid}}", "killed").strip());
    engines.killDocker();
    assertThat(keg("ls", "--filter", "dangling=true", "-q")).as("all of them run").isEmpty();

    Engines.killAndWait(process);
    assertThat(keg("ls", "--filter", "dangling=true", "-q")).isEqualTo("killed\n");
    keg("rm", "killed");
    assertThat(isMounted("killed")).isFalse();

    engines.startDocker();
    docker("rm", "-f", "killed", "ended");
    docker("volume", "create", "-d", engines.driver(), "other");
    assertThat(isUnmountedSoon("ended")).as("nobody said that the container ended").isTrue();
    docker("volume", "rm", "ended");
    awaitRunning("restarted");
    assertThat(docker("exec", "restarted", "/bin/cat", "/data/file"))
        .isEqualTo("content\ncontent\n");

    docker("rm", "-f", "restarted");
    assertThat(isMounted("restarted")).isFalse();
  }

  /** Docker receives its answer before Keg unmounts the leftovers of an earlier one. */
  private boolean isUnmountedSoon(String volume) throws Exception {
    for (int i = 0; i < 300 && isMounted(volume); i++) {
      Thread.sleep(100);
    }
    return !isMounted(volume);
  }

  private void awaitRunning(String container) throws Exception {
    for (int i = 0; i < 300; i++) {
      if (docker("ps", "--format", "{{.Names}}").lines().anyMatch(container::equals)) {
        return;
      }
      Thread.sleep(100);
    }
  }

  /**
   * Podman counts by itself: it does not request the volume again for a container that restarts.
   */
  @Test
  @NeedsTool(value = "podman", from = "podman")
  void a_container_that_podman_starts_again_has_its_data() throws Exception {
    podman("import", engines.at("image.tar"), "bb:1");
    podman(
        "volume", "create", "--driver", "keg", "--opt", "driver=loop", "--opt", "size=20m", "db");
    podman(container("one", "db"));

    podman("volume", "create", "--driver", "keg", "other");
    podman("restart", "-t", "0", "one");
    podman("volume", "rm", "other");
    assertThat(podman("exec", "one", "/bin/cat", "/data/file")).isEqualTo("content\ncontent\n");

    podman("rm", "-f", "-t", "0", "one");
    assertThat(isMounted()).isFalse();
    podman("volume", "rm", "db");
  }

  @Test
  @NeedsTool(value = "dockerd", from = "docker.io")
  @NeedsTool(value = "docker", from = "docker.io")
  void many_containers_of_docker_at_once() throws Exception {
    engines.startDocker();
    docker("volume", "create", "-d", engines.driver(), "-o", "driver=loop", "-o", "size=20m", "db");

    startMany(this::docker, ",volume-driver=" + engines.driver());
    atOnce(number -> docker("rm", "-f", "c" + number));
    assertThat(isMounted()).isFalse();
    useAgain(this::docker);
  }

  @Test
  @NeedsTool(value = "podman", from = "podman")
  void many_containers_of_podman_at_once() throws Exception {
    podman("import", engines.at("image.tar"), "bb:1");
    podman("volume", "create", "--driver", "keg", "-o", "driver=loop", "-o", "size=20m", "db");
    atOnce(number -> podman("volume", "create", "--driver", "keg", "own" + number));

    startMany(this::podman, "");
    // It may release the volume a moment before a container's mounts are gone, which then keep it.
    atOnce(number -> podman("rm", "-f", "-t", "0", "c" + number));
    useAgain(this::podman);
  }

  private interface Engine {
    String run(String... arguments) throws Exception;
  }

  /** Each container has its own volume, and all share one that has to be mounted. */
  private void startMany(Engine engine, String mountOption) throws Exception {
    atOnce(
        number ->
            engine.run(
                "run",
                "-d",
                "--name",
                "c" + number,
                "--network",
                "none",
                "-v",
                "db:/db",
                "--mount",
                "type=volume,src=own%d,dst=/own%s".formatted(number, mountOption),
                "bb:1",
                "/bin/sh",
                "-c",
                "echo %d >/own/file; echo %1$d >/db/%1$d; exec sleep 1000".formatted(number)));
    assertThat(isMounted()).isTrue();
  }

  /** Reads what the containers wrote, and removes all volumes. */
  private void useAgain(Engine engine) throws Exception {
    assertThat(
            engine.run(
                "run",
                "--rm",
                "--network",
                "none",
                "-v",
                "db:/db",
                "bb:1",
                "/bin/sh",
                "-c",
                "cat /db/[0-9]*"))
        .hasLineCount(CONTAINERS);
    assertThat(isMounted()).isFalse();
    assertThat(keg("ls", "--filter", "dangling=true", "-q").lines()).hasSize(CONTAINERS + 1);
    atOnce(
        number ->
            assertThat(Path.of(engines.at("keg/volumes/own" + number + "/_data/file")))
                .hasContent(number + "\n"));
    atOnce(number -> engine.run("volume", "rm", "own" + number));
    engine.run("volume", "rm", "db");
    assertThat(keg("ls", "-q")).isEmpty();
  }

  private interface Step {
    void with(int number) throws Exception;
  }

  private static void atOnce(Step step) throws Exception {
    try (var executor = Executors.newFixedThreadPool(CONTAINERS)) {
      List<Callable<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < CONTAINERS; i++) {
        int number = i;
        all.add(
            () -> {
              step.with(number);
              return true;
            });
      }
      for (Future<Boolean> done : executor.invokeAll(all)) {
        assertThat(done.get()).isTrue();
      }
    }
  }

  @Test
  @NeedsTool(value = "podman", from = "podman")
  void a_volume_of_podman_from_creation_to_removal() throws Exception {
    podman("import", engines.at("image.tar"), "bb:1");
    podman(
        "volume", "create", "--driver", "keg", "--opt", "driver=loop", "--opt", "size=20m", "db");
    podman(
        "run",
        "--rm",
        "--network",
        "none",
        "-v",
        "db:/data",
        "bb:1",
        "/bin/sh",
        "-c",
        "echo content >/data/file");

    assertThat(isMounted()).isFalse();
    assertThat(
            podman(
                "run",
                "--rm",
                "--network",
                "none",
                "-v",
                "db:/data",
                "bb:1",
                "/bin/cat",
                "/data/file"))
        .isEqualTo("content\n");
    podman("volume", "rm", "db");
    assertThat(keg("ls", "-q")).isEmpty();
  }

  /** Like podman's own tests of volume plugins, with Keg as the plugin. */
  @Test
  @NeedsTool(value = "podman", from = "podman")
  void podman_makes_reloads_and_loses_volumes_of_a_plugin() throws Exception {
    assertThat(engines.run(engines.podman("volume", "create", "--driver", "notexist", "no")).exit())
        .isNotZero();
    podman("volume", "create", "--driver", "keg", "one");
    podman("volume", "create", "--driver", "keg", "--opt", "o=timeout=3", "two");
    podman("volume", "create", "local");
    assertThat(podman("volume", "ls", "-q")).isEqualTo("local\none\ntwo\n");
    String format = "{{.Driver}} {{.Timeout}}{{.StorageID}}";
    assertThat(podman("volume", "inspect", "--format", format, "one", "two"))
        .isEqualTo("keg 130\nkeg 3\n");

    keg("create", "three");
    keg("rm", "one");
    assertThat(podman("volume", "reload")).isEqualTo("Added:\nthree\nRemoved:\none\n");
    assertThat(podman("volume", "ls", "-q")).isEqualTo("local\nthree\ntwo\n");

    podman("volume", "rm", "two");
    engines.silence();
    assertThat(engines.run(engines.podman("volume", "create", "--driver", "keg", "four")).exit())
        .isNotZero();
    assertThat(engines.run(engines.podman("volume", "rm", "three")).exit()).isNotZero();
    assertThat(podman("volume", "ls", "-q")).isEqualTo("local\n");
    engines.listen();
    podman("volume", "create", "--driver", "keg", "three");
    podman("volume", "rm", "three");
    assertThat(keg("ls", "-q")).isEmpty();
  }
}
