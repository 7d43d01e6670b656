package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Containers of docker and podman see what Keg mounted on a directory that they bind. */
@NeedsRoot
@NeedsTool(value = "busybox", from = "busybox-static")
@NeedsTool(value = "runc", from = "runc")
@Tag("native")
class EnginesSeeMountsIT {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** This machine may not be asked for more open files, which is what podman does by itself. */
  private static final String PODMAN_SETTINGS =
      """
      [containers]
      default_ulimits=["nofile=1024:1024", "nproc=1024:1024"]
      [engine]
      runtime="runc"
      cgroup_manager="cgroupfs"
      events_logger="file"
      """;

  @RegisterExtension final MachineState machine = new MachineState();

  private Optional<Process> daemon = Optional.empty();

  private String at(String name) {
    return machine.directory().resolve(name).toString();
  }

  private void keg(String... arguments) throws Exception {
    var all = new ArrayList<>(List.of("--root", at("keg")));
    all.addAll(List.of(arguments));
    Outcome outcome = BuiltProgram.run(all.toArray(String[]::new));
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
  }

  private Outcome run(String... command) throws IOException, InterruptedException {
    return new ProcessRunner(
            List.of(command),
            Map.of("PATH", PATH, "CONTAINERS_CONF", at("podman.conf")),
            Duration.ofMinutes(1))
        .run(Invocation.of());
  }

  private String succeed(String... command) throws IOException, InterruptedException {
    Outcome outcome = run(command);
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
    return outcome.output();
  }

  private String[] docker(String... arguments) {
    return with(List.of("docker", "-H", "unix://" + at("d.sock")), arguments);
  }

  private String[] podman(String... arguments) {
    List<String> podman = new ArrayList<>(List.of("podman", "--storage-driver", "vfs"));
    podman.addAll(List.of("--root", at("graph"), "--runroot", at("run"), "--tmpdir", at("tmp")));
    return with(podman, arguments);
  }

  private static String[] with(List<String> first, String... arguments) {
    var command = new ArrayList<>(first);
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  private String[] lookAndWrite() {
    return with(
        List.of("run", "--rm", "--network", "none"),
        "-v",
        at("data") + ":/data",
        "-v",
        at("look") + ":/look",
        "bb:1",
        "/bin/sh",
        "-c",
        "cat /data/file; touch /data/made; touch /look/made2");
  }

  /** A volume that is mounted twice, and an image with a shell. */
  @BeforeEach
  void mountedVolumeAndImage() throws Exception {
    keg("create", "db");
    Files.writeString(Path.of(at("keg/volumes/db/_data/file")), "from the volume");
    keg("mount", "--mkdir", "--propagation", "rshared", "db", at("data"));
    keg("mount", "--mkdir", "--read-only", "db", at("look"));
    Files.createDirectories(Path.of(at("image/bin")));
    String busybox = succeed("which", "busybox").strip();
    Files.copy(Path.of(busybox), Path.of(at("image/bin/busybox")));
    for (String name : List.of("sh", "cat", "touch", "sleep")) {
      Files.createSymbolicLink(Path.of(at("image/bin"), name), Path.of("busybox"));
    }
    succeed("tar", "-C", at("image"), "-cf", at("image.tar"), ".");
    Files.writeString(Path.of(at("podman.conf")), PODMAN_SETTINGS);
  }

  @AfterEach
  void unmounted() throws Exception {
    if (daemon.isPresent()) {
      daemon.get().destroy();
      assertThat(daemon.get().waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
    keg("unmount", "--lazy", at("data/more"), at("data"), at("look"));
  }

  private void startDocker() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("dockerd", "-H", "unix://" + at("d.sock")));
    command.addAll(List.of("--data-root", at("docker"), "--exec-root", at("exec")));
    command.addAll(List.of("--pidfile", at("pid"), "--storage-driver", "vfs", "--bridge=none"));
    command.addAll(List.of("--iptables=false", "--ip6tables=false", "--ip-masq=false"));
    command.add("--ip-forward=false");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", PATH);
    Process process = builder.start();
    daemon = Optional.of(process);
    BufferedReader log = process.inputReader();
    String line = log.readLine();
    while (line != null && !line.contains("API listen on")) {
      line = log.readLine();
    }
    assertThat(line).as("dockerd did not start").isNotNull();
    succeed(docker("import", at("image.tar"), "bb:1"));
  }

  @Test
  @NeedsTool(value = "dockerd", from = "docker.io")
  @NeedsTool(value = "docker", from = "docker.io")
  void containers_of_docker() throws Exception {
    startDocker();
    Outcome outcome = run(docker(lookAndWrite()));

    assertThat(outcome.output()).isEqualTo("from the volume");
    assertThat(outcome.errors()).contains("Read-only file system");
    assertThat(Path.of(at("keg/volumes/db/_data/made"))).exists();
  }

  @Test
  @NeedsTool(value = "dockerd", from = "docker.io")
  @NeedsTool(value = "docker", from = "docker.io")
  void a_container_that_runs_sees_what_is_mounted_later_where_it_is_shared() throws Exception {
    startDocker();
    succeed(
        docker(
            "run",
            "-d",
            "--name",
            "runs",
            "--network",
            "none",
            "-v",
            at("data") + ":/data:rslave",
            "bb:1",
            "/bin/sleep",
            "1000"));

    keg("create", "more");
    keg("mount", "--mkdir", "more", at("data/more"));
    Files.writeString(Path.of(at("data/more/late")), "mounted later");

    assertThat(succeed(docker("exec", "runs", "/bin/cat", "/data/more/late")))
        .isEqualTo("mounted later");
    succeed(docker("rm", "-f", "runs"));
  }

  @Test
  @NeedsTool(value = "podman", from = "podman")
  void containers_of_podman() throws Exception {
    succeed(podman("import", at("image.tar"), "bb:1"));
    Outcome outcome = run(podman(lookAndWrite()));

    assertThat(outcome.output()).isEqualTo("from the volume");
    assertThat(outcome.errors()).contains("Read-only file system");
    assertThat(Path.of(at("keg/volumes/db/_data/made"))).exists();
  }
}
