package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commands on a full disk, and on a read-only one. */
@NeedsRoot
@Tag("native")
class FullDiskIT {
  @RegisterExtension final MachineState machine = new MachineState();

  @AfterEach
  void unmount() throws Exception {
    tool("umount", disk().toString());
  }

  private Path disk() {
    return machine.directory().resolve("disk");
  }

  private void mount(String options) throws Exception {
    Files.createDirectories(disk());
    tool("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk().toString());
  }

  private static void tool(String name, String... arguments) throws Exception {
    var runner =
        new ProcessRunner(
            List.of(name), Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), Duration.ofMinutes(1));
    Outcome outcome = runner.run(Invocation.of(arguments));
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
  }

  private Outcome keg(String... arguments) throws Exception {
    var all = new ArrayList<>(List.of("--root", disk().resolve("root").toString()));
    all.addAll(List.of(arguments));
    return BuiltProgram.runOrCall(all.toArray(String[]::new));
  }

  /** Writes until the disk is full. */
  private void fill() throws IOException {
    byte[] page = new byte[4096];
    for (int i = 0; ; i++) {
      try {
        Files.write(disk().resolve("fill" + i), page);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("No space left on device");
        Files.deleteIfExists(disk().resolve("fill" + i));
        return;
      }
    }
  }

  private void assertRefused(Outcome outcome, String why) {
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.output()).isEmpty();
    assertThat(outcome.errors())
        .startsWith("Error")
        .contains(why)
        .doesNotContain("Exception", "\tat ");
  }

  @Test
  void a_full_disk_takes_no_new_volume_and_keeps_the_old_ones_working() throws Exception {
    mount("size=256k");
    assertThat(keg("create", "--label", "a=b", "db").exit()).isZero();
    assertThat(keg("create", "cache").exit()).isZero();
    fill();

    assertRefused(keg("create", "new"), "no space left on device");
    assertRefused(keg("update", "--label-add", "tier=gold", "db"), "no space left on device");
    assertThat(keg("ls", "-q").output()).isEqualTo("cache\ndb\n");
    assertThat(keg("inspect", "-f", "{{.Labels}}", "db").output()).isEqualTo("map[a:b]\n");
    assertThat(keg("rename", "db", "db2").errors()).isEmpty();
    assertThat(keg("rm", "cache").errors()).isEmpty();
    assertThat(keg("ls", "-q").output()).isEqualTo("db2\n");
  }

  @Test
  void without_inodes_volumes_can_still_be_removed() throws Exception {
    mount("size=1m,nr_inodes=40");
    assertThat(keg("create", "db").exit()).isZero();
    assertThat(keg("create", "cache").exit()).isZero();
    fill();

    assertRefused(keg("create", "new"), "no space left on device");
    assertThat(keg("rm", "cache").errors()).isEmpty();
    assertThat(keg("ls", "-q").output()).isEqualTo("db\n");
  }

  @Test
  void a_read_only_root_can_be_examined() throws Exception {
    mount("size=1m");
    assertThat(keg("create", "db").exit()).isZero();
    tool("mount", "-o", "remount,ro", disk().toString());

    assertThat(keg("ls", "-q").output()).isEqualTo("db\n");
    assertThat(keg("inspect", "-f", "{{.Name}}", "db").output()).isEqualTo("db\n");
    assertThat(keg("exists", "db").exit()).isZero();
    for (String[] command :
        new String[][] {
          {"create", "new"},
          {"rm", "db"},
          {"update", "--label-add", "a=b", "db"},
          {"rename", "db", "db2"},
          {"prune", "--all", "--force"}
        }) {
      assertRefused(keg(command), "read-only file system");
    }
  }
}
