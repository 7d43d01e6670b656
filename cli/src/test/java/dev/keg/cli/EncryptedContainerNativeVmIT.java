package dev.keg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.condition.NeedsVm;
import dev.keg.fixtures.vm.QuickCryptsetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A container on an encrypted volume is killed together with the program that watches it. */
@NeedsVm
@NeedsNative
@NeedsTool(value = "cryptsetup", from = "cryptsetup-bin")
@NeedsTool(value = "podman", from = "podman")
@NeedsTool(value = "runc", from = "runc")
@NeedsTool(value = "busybox", from = "busybox-static")
@NeedsTool(value = "systemd-socket-activate", from = "systemd")
class EncryptedContainerNativeVmIT {
  @RegisterExtension static final MachineState MACHINE = new MachineState();

  @BeforeAll
  static void quickCryptsetup() throws IOException {
    var _ = QuickCryptsetup.path(MACHINE.directory());
  }

  /** Its monitor is killed as well, so that nothing tells podman how the container ended. */
  @Test
  void what_a_killed_container_leaves_is_closed() throws Exception {
    Path key = Files.writeString(MACHINE.directory().resolve("container.key"), "xyzzy");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Engines engines = new Engines(MACHINE, MACHINE.directory().resolve("bin"));
    engines.makeImage();
    engines.listen();
    try {
      podman(engines, "import", engines.at("image.tar"), "bb:1");
      String create = "volume create --driver keg -o driver=loop -o size=24m -o encrypted=true";
      podman(engines, (create + " -o key-file=" + key + " db").split(" ", -1));
      String write = "echo content >/data/file; exec sleep 1000";
      String run = "--network none -v db:/data bb:1 /bin/sh -c";
      podman(engines, words("run -d --name one " + run, write));
      assertThat(printed("dmsetup", "ls")).contains("keg-");

      String pids = "{{.State.ConmonPid}} {{.State.Pid}}";
      for (String pid : podman(engines, "inspect", "--format", pids, "one").split("\\s+", 2)) {
        ProcessHandle process = ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
        assertThat(process.destroyForcibly()).isTrue();
      }
      podman(engines, "rm", "-f", "-t", "0", "one");

      requireClosed(Path.of(engines.at("keg")));
      assertThat(podman(engines, words("run --rm " + run, "cat /data/file")))
          .isEqualTo("content\n");
      podman(engines, "volume", "rm", "db");
      requireClosed(Path.of(engines.at("keg")));
    } finally {
      engines.close();
    }
  }

  private static String podman(Engines engines, String... arguments) throws Exception {
    return engines.succeed(engines.podman(arguments));
  }

  private static String[] words(String text, String last) {
    return Engines.with(List.of(text.split(" ", -1)), last);
  }

  private static void requireClosed(Path directory) throws Exception {
    assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
        .doesNotContain(directory.toString());
    assertThat(printed("losetup", "-n", "-O", "BACK-FILE")).isEmpty();
    assertThat(printed("dmsetup", "ls")).doesNotContain("keg-");
  }

  private static String printed(String... command) throws Exception {
    Process process = new ProcessBuilder(command).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }
}
