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
  @RegisterExtension final MachineState machine = new MachineState();

  private final Engines engines = new Engines(machine);

  private String at(String name) {
    return engines.at(name);
  }

  private void keg(String... arguments) throws Exception {
    var all = new ArrayList<>(List.of("--root", at("keg")));
    all.addAll(List.of(arguments));
    Outcome outcome = BuiltProgram.run(all.toArray(String[]::new));
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
  }

  private String[] lookAndWrite() {
    return Engines.with(
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
    engines.makeImage();
  }

  @AfterEach
  void unmounted() throws Exception {
    engines.close();
    keg("unmount", "--lazy", at("data/more"), at("data"), at("look"));
  }

  @Test
  @NeedsTool(value = "dockerd", from = "docker.io")
  @NeedsTool(value = "docker", from = "docker.io")
  void containers_of_docker() throws Exception {
    engines.startDocker();
    Outcome outcome = engines.run(engines.docker(lookAndWrite()));

    assertThat(outcome.output()).isEqualTo("from the volume");
    assertThat(outcome.errors()).contains("Read-only file system");
    assertThat(Path.of(at("keg/volumes/db/_data/made"))).exists();
  }

  @Test
  @NeedsTool(value = "dockerd", from = "docker.io")
  @NeedsTool(value = "docker", from = "docker.io")
  void a_container_that_runs_sees_what_is_mounted_later_where_it_is_shared() throws Exception {
    engines.startDocker();
    engines.succeed(
        engines.docker(
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

    assertThat(engines.succeed(engines.docker("exec", "runs", "/bin/cat", "/data/more/late")))
        .isEqualTo("mounted later");
    engines.succeed(engines.docker("rm", "-f", "runs"));
  }

  @Test
  @NeedsTool(value = "podman", from = "podman")
  void containers_of_podman() throws Exception {
    engines.succeed(engines.podman("import", at("image.tar"), "bb:1"));
    Outcome outcome = engines.run(engines.podman(lookAndWrite()));

    assertThat(outcome.output()).isEqualTo("from the volume");
    assertThat(outcome.errors()).contains("Read-only file system");
    assertThat(Path.of(at("keg/volumes/db/_data/made"))).exists();
  }
}
