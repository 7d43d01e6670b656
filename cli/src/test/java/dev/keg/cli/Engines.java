package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
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

/** A docker and a podman for one test, an image with a shell, and Keg as their volume plugin. */
final class Engines {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** The directory in which every docker daemon looks for plugins. */
  private static final Path PLUGINS = Path.of("/etc/docker/plugins");

  /** Prevents podman from raising the limit of open files, which this machine may not permit. */
  private static final String PODMAN_SETTINGS =
      """
      [containers]
      default_ulimits=["nofile=1024:1024", "nproc=1024:1024"]
      [engine]
      runtime="runc"
      cgroup_manager="cgroupfs"
      events_logger="file"
      volume_plugin_timeout=130
      [engine.volume_plugins]
      keg="%s"
      """;

  private final MachineState machine;
  private final String path;
  private Optional<Process> daemon = Optional.empty();
  private Optional<Process> listener = Optional.empty();
  private boolean killed;

  Engines(MachineState machine) {
    this.machine = machine;
    this.path = PATH;
  }

  /** With programs that take precedence over those of the system. */
  Engines(MachineState machine, Path programs) {
    this.machine = machine;
    this.path = programs + ":" + PATH;
  }

  String at(String name) {
    return machine.directory().resolve(name).toString();
  }

  Outcome run(String... command) throws IOException, InterruptedException {
    return new ProcessRunner(
            List.of(command),
            Map.of("PATH", path, "CONTAINERS_CONF", at("podman.conf")),
            Duration.ofMinutes(1))
        .run(Invocation.of());
  }

  String succeed(String... command) throws IOException, InterruptedException {
    Outcome outcome = run(command);
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
    return outcome.output();
  }

  String[] docker(String... arguments) {
    return with(List.of("docker", "-H", "unix://" + at("d.sock")), arguments);
  }

  String[] podman(String... arguments) {
    List<String> podman = new ArrayList<>(List.of("podman", "--storage-driver", "vfs"));
    podman.addAll(List.of("--root", at("graph"), "--runroot", at("run"), "--tmpdir", at("tmp")));
    return with(podman, arguments);
  }

  static String[] with(List<String> first, String... arguments) {
    var command = new ArrayList<>(first);
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  /** Creates {@code image.tar}, from which both engines create their {@code bb:1}. */
  void makeImage() throws IOException, InterruptedException {
    Files.createDirectories(Path.of(at("image/bin")));
    String busybox = succeed("which", "busybox").strip();
    Files.copy(Path.of(busybox), Path.of(at("image/bin/busybox")));
    for (String name : List.of("sh", "cat", "touch", "sleep")) {
      Files.createSymbolicLink(Path.of(at("image/bin"), name), Path.of("busybox"));
    }
    succeed("tar", "-C", at("image"), "-cf", at("image.tar"), ".");
    Files.writeString(Path.of(at("podman.conf")), PODMAN_SETTINGS.formatted(at("keg.sock")));
  }

  void startDocker() throws IOException, InterruptedException {
    Files.deleteIfExists(Path.of(at("pid")));
    List<String> command = new ArrayList<>(List.of("dockerd", "-H", "unix://" + at("d.sock")));
    command.addAll(List.of("--data-root", at("docker"), "--exec-root", at("exec")));
    command.addAll(List.of("--pidfile", at("pid"), "--storage-driver", "vfs", "--bridge=none"));
    command.addAll(List.of("--iptables=false", "--ip6tables=false", "--ip-masq=false"));
    command.add("--ip-forward=false");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", path);
    Process process = builder.start();
    daemon = Optional.of(process);
    BufferedReader log = process.inputReader();
    List<String> lines = new ArrayList<>();
    String line = log.readLine();
    while (line != null && !line.contains("API listen on")) {
      lines.add(line);
      line = log.readLine();
    }
    assertThat(line).as("dockerd did not start: %s", lines).isNotNull();
    succeed(docker("import", at("image.tar"), "bb:1"));
  }

  /** Also kills its containerd; the containers stay. */
  void killDocker() throws InterruptedException {
    Process process = daemon.orElseThrow();
    List<ProcessHandle> children = process.children().toList();
    process.destroyForcibly().waitFor();
    for (ProcessHandle child : children) {
      child.destroyForcibly();
      child.onExit().join();
    }
    daemon = Optional.empty();
    killed = true;
  }

  /** Kills a process that another program started. */
  static void killAndWait(long process) {
    ProcessHandle.of(process)
        .ifPresent(
            handle -> {
              handle.destroyForcibly();
              handle.onExit().join();
            });
  }

  /** Makes {@code keg plugin} answer each connection, and registers it with both engines. */
  void listen() throws IOException, InterruptedException {
    Path socket = Path.of(at("keg.sock"));
    var builder =
        new ProcessBuilder(
            "systemd-socket-activate",
            "--inetd",
            "--accept",
            "--listen",
            socket.toString(),
            "-E",
            "JAVA_HOME=" + System.getProperty("java.home"),
            "-E",
            "PATH=" + path,
            BuiltProgram.path(),
            "--root",
            at("keg"),
            "plugin");
    builder.environment().put("PATH", path);
    builder.redirectErrorStream(true).redirectOutput(Path.of(at("plugin.log")).toFile());
    listener = Optional.of(builder.start());
    for (int i = 0; i < 500 && !Files.exists(socket); i++) {
      Thread.sleep(10);
    }
    Files.createDirectories(PLUGINS);
    // It is outside the test's directory, and the test may be interrupted.
    specification().toFile().deleteOnExit();
    Files.writeString(specification(), "unix://" + socket + "\n");
  }

  /** Stops the plugin. */
  void silence() throws IOException, InterruptedException {
    Process process = listener.orElseThrow();
    process.destroy();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    Files.deleteIfExists(Path.of(at("keg.sock")));
    listener = Optional.empty();
  }

  /** The name under which docker knows this test's plugin. */
  String driver() {
    return "keg-of-test-" + ProcessHandle.current().pid();
  }

  private Path specification() {
    return PLUGINS.resolve(driver() + ".spec");
  }

  void close() throws IOException, InterruptedException {
    try {
      end();
    } finally {
      Files.deleteIfExists(specification());
    }
  }

  private void end() throws IOException, InterruptedException {
    for (Optional<Process> process : List.of(daemon, listener)) {
      if (process.isPresent()) {
        process.get().destroy();
        assertThat(process.get().waitFor(1, TimeUnit.MINUTES)).isTrue();
      }
    }
    if (killed) {
      // A dockerd unmounts its own mounts on its directory, but not those of an earlier one.
      succeed("umount", at("docker"));
    }
  }
}
