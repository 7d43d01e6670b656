package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Writers to a volume are stopped while it is read, and always started again. */
@NeedsTool(value = "setsid", from = "util-linux")
@Tag("native")
class StoppedWritersIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private final Engines engines = new Engines(machine);
  private BackupShell shell;

  /** The same for commands that start no program. */
  private BackupShell quiet;

  @BeforeEach
  void make() throws Exception {
    Files.createDirectories(Path.of(engines.at("repo")));
    Files.createDirectories(Path.of(engines.at("bin")));
    quiet = new BackupShell(Path.of(engines.at("keg")), engines.at("repo"), Map.of());
    quiet.keg("create", "db");
    quiet.writeNoise("db", "noise", 4 << 20);
    shell = quiet.with("PATH", engines.at("bin") + ":/usr/sbin:/usr/bin:/bin");
  }

  private void program(String name, String script) throws IOException {
    Path file = Files.writeString(Path.of(engines.at("bin/" + name)), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A docker whose only container has the volume, and which logs its commands. */
  private void fakeDocker(String starting) throws IOException {
    program(
        "docker",
        """
        case $1 in
        ps) [ -e "$0.stopped" ] || echo 1f ;;
        container)
          [ -e "$0.stopped" ] && runs=false || runs=true
          echo '[{"Id":"1f","Name":"/web","Mounts":[{"Source":"%s","RW":true}],' \
            '"State":{"Running":'$runs',"StartedAt":"2026-01-01T00:00:00Z"}}]' ;;
        *)
          echo "$@" >>'%s'
          %s
          rm -f "$0.stopped"
          [ $1 = start ] || touch "$0.stopped"
        esac
        """
            .formatted(shell.data("db"), told(), starting));
    Files.createFile(told());
  }

  private Path told() {
    return Path.of(engines.at("told"));
  }

  /** A backup that has stopped the container. */
  private Process startBackup() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            BuiltProgram.path(), "backup", "--stop-with", "docker", "--output", "-", "db");
    builder.environment().putAll(BuiltProgram.ENVIRONMENT);
    builder.environment().putAll(shell.variables());
    builder.environment().put("KEG_ROOT", shell.root().toString());
    return builder.start();
  }

  /** As when the machine goes down: only the data on the disk remains. */
  private void killAll() throws Exception {
    Process backup = startBackup();
    try {
      assertThat(backup.getInputStream().read()).isNotNegative();
      backup.descendants().forEach(ProcessHandle::destroyForcibly);
    } finally {
      backup.destroyForcibly();
    }
    assertThat(backup.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(told()).hasContent("stop -- 1f");
  }

  @Test
  void what_stays_stopped_when_the_machine_goes_down_is_named_and_started() throws Exception {
    fakeDocker("");
    killAll();

    Outcome check = shell.run("check");
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.output()).contains(" stopped 1f and was interrupted");
    assertThat(told()).hasContent("stop -- 1f");

    assertThat(shell.run("check", "--repair").exit()).isZero();
    assertThat(told()).hasContent("stop -- 1f\nstart -- 1f");
    assertThat(quiet.run("check").exit()).isZero();
  }

  @Test
  void the_next_backup_starts_what_stays_stopped() throws Exception {
    fakeDocker("");
    killAll();

    Outcome backup = shell.run("backup", "db");
    assertThat(backup.exit()).isZero();
    assertThat(backup.errors())
        .contains(
            "an interrupted backup had stopped the programs that write to it: docker start 1f");
    assertThat(shell.run("maintain").errors()).isEmpty();
    assertThat(told()).hasContent("stop -- 1f\nstart -- 1f");
  }

  @Test
  void a_backup_that_is_killed_leaves_nothing_stopped() throws Exception {
    fakeDocker("");
    Process backup = startBackup();
    try {
      // It reads while somebody takes its output.
      assertThat(backup.getInputStream().read()).isNotNegative();
      assertThat(told()).hasContent("stop -- 1f");
    } finally {
      backup.destroyForcibly();
    }
    assertThat(backup.waitFor(1, TimeUnit.MINUTES)).isTrue();

    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (Files.readAllLines(told()).size() < 2 && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(told()).hasContent("stop -- 1f\nstart -- 1f");
    while (!List.of().equals(notes()) && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(notes()).as("notes of what is stopped").isEmpty();
  }

  private List<Path> notes() throws IOException {
    try (Stream<Path> files = Files.list(shell.root().resolve("stopped"))) {
      return files.toList();
    }
  }

  @Test
  void what_does_not_start_again_is_reported_and_the_backup_stays() throws Exception {
    fakeDocker("[ $1 = stop ] || { echo 'port is taken'; exit 1; }");
    Outcome outcome = shell.run("backup", "--stop-with", "docker", "db");

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.errors())
        .contains("what was stopped did not start again: docker start 1f: port is taken");
    assertThat(quiet.backups("db")).hasSize(1);
  }

  @Test
  void what_starts_while_the_volume_is_read_is_reported() throws Exception {
    fakeDocker("exit 0");
    Outcome outcome = shell.run("backup", "--stop-with", "docker", "db");

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.errors())
        .contains("backup db: these started again before everything was read: 1f");
    assertThat(quiet.backups("db")).hasSize(1);
  }

  @Test
  void what_does_not_stop_is_started_again_and_not_backed_up() throws Exception {
    fakeDocker("[ $1 = start ] || { echo 'it hangs'; exit 1; }");
    Outcome outcome = shell.run("backup", "--stop-with", "docker", "db");

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.errors()).contains("backup db: cannot stop what writes to it: it hangs");
    assertThat(told()).hasContent("stop -- 1f\nstop -- 1f\nstart -- 1f");
    assertThat(quiet.backups("db")).isEmpty();
  }

  /** As when systemd ends all processes of a service that waits for the engine. */
  @Test
  void a_client_that_is_ended_is_asked_again() throws Exception {
    fakeDocker("[ -e \"$0.$1\" ] || { touch \"$0.$1\"; exit 143; }");

    assertThat(shell.run("backup", "--stop-with", "docker", "db").exit()).isZero();
    assertThat(told()).hasContent("stop -- 1f\nstop -- 1f\nstart -- 1f\nstart -- 1f");
  }

  @Test
  void a_backup_that_fails_starts_it_again() throws Exception {
    fakeDocker("[ $1 = start ] || rm -r '" + shell.repository() + "'");

    assertThat(shell.run("backup", "--stop-with", "docker", "db").exit()).isEqualTo(1);
    assertThat(told()).hasContent("stop -- 1f\nstart -- 1f");
  }

  @Test
  @NeedsRoot
  @NeedsTool(value = "busybox", from = "busybox-static")
  @NeedsTool(value = "runc", from = "runc")
  @NeedsTool(value = "podman", from = "podman")
  void a_container_of_podman() throws Exception {
    engines.makeImage();
    engines.succeed(engines.podman("import", engines.at("image.tar"), "bb:1"));
    String podman = String.join(" ", engines.podman());
    program(
        "podman",
        "export CONTAINERS_CONF='%s'\nexec /usr/bin/%s \"$@\"\n"
            .formatted(engines.at("podman.conf"), podman));

    assertContainerRunsAgain("podman", engines.podman());
  }

  @Test
  @NeedsRoot
  @NeedsTool(value = "busybox", from = "busybox-static")
  @NeedsTool(value = "runc", from = "runc")
  @NeedsTool(value = "dockerd", from = "docker.io")
  @NeedsTool(value = "docker", from = "docker.io")
  void a_container_of_docker() throws Exception {
    engines.makeImage();
    engines.startDocker();
    shell = shell.with("DOCKER_HOST", "unix://" + engines.at("d.sock"));

    assertContainerRunsAgain("docker", engines.docker());
  }

  /** The container that has the volume, and one that does not. */
  private void assertContainerRunsAgain(String engine, String... line) throws Exception {
    String volume = shell.data("db") + ":/data";
    try {
      for (List<String> name : List.of(List.of("web", "-v", volume), List.of("other"))) {
        List<String> run = new ArrayList<>(List.of(line));
        run.addAll(List.of("run", "-d", "--network", "none", "--stop-timeout", "1", "--name"));
        run.addAll(name);
        engines.succeed(Engines.with(run, "bb:1", "/bin/sleep", "1000"));
      }
      String[] state =
          Engines.with(
              List.of(line),
              "inspect",
              "-f",
              "{{.State.Running}} {{.State.StartedAt}}",
              "web",
              "other");
      List<String> before = engines.succeed(state).lines().toList();

      shell.keg("backup", "--stop-with", engine, "db");

      List<String> after = engines.succeed(state).lines().toList();
      assertThat(after.getFirst()).startsWith("true").isNotEqualTo(before.getFirst());
      assertThat(after.getLast()).startsWith("true").isEqualTo(before.getLast());
    } finally {
      engines.run(Engines.with(List.of(line), "rm", "-f", "web", "other"));
      engines.close();
    }
  }
}
