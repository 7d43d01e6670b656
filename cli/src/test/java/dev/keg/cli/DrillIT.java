package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsUnshare;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that a drill runs on the restored data. */
@Tag("native")
class DrillIT {
  @TempDir private Path directory;
  private BackupShell shell;

  @BeforeEach
  void back_up() throws Exception {
    Path repository = Files.createDirectory(directory.resolve("repo"));
    shell = new BackupShell(directory.resolve("keg"), repository.toString(), Map.of());
    shell.keg("create", "db");
    shell.write("db", "rows", "12");
    shell.keg("backup", "--quiet", "db");
  }

  private Outcome drill(String command) throws Exception {
    return shell.run("drill", "--quiet", "--command", command, "db");
  }

  @Test
  @NeedsRoot
  @NeedsUnshare
  void it_is_alone_with_the_restored_data_and_the_loopback_device() throws Exception {
    shell = shell.with("NETWORK", Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString());
    Path target = Files.createDirectory(directory.resolve("mine"));

    Outcome outcome =
        drill(
            """
            set -e
            [ "$(cat "$KEG_PATH/rows")" = 12 ]
            [ "$(readlink /proc/self/ns/net)" != "$NETWORK" ]
            grep -q 127.0.0.1 /proc/net/fib_trie
            [ "$(grep -c : /proc/net/dev)" = "$(grep -c lo: /proc/net/dev)" ]
            mount -t tmpfs mine '%s'
            """
                .formatted(target));

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.exit()).isZero();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain("/mine ");
  }

  /** Like root in a container that may not create namespaces. */
  @Test
  void without_namespaces_it_runs_with_a_warning() throws Exception {
    Path programs = Files.createDirectory(directory.resolve("bin"));
    for (String script : new String[] {"id\necho 0", "unshare\necho refused; exit 1"}) {
      String[] parts = script.split("\n", 2);
      Path file = Files.writeString(programs.resolve(parts[0]), "#!/bin/sh\n" + parts[1] + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    shell = shell.with("PATH", programs + ":/usr/sbin:/usr/bin:/sbin:/bin");

    Outcome outcome = drill("[ \"$(cat \"$KEG_PATH/rows\")\" = 12 ]");

    assertThat(outcome.errors().strip())
        .isEqualTo("warning: the command has the mounts and network of this host: refused");
    assertThat(outcome.exit()).isZero();
  }

  @Test
  void a_command_that_fails_is_an_error() throws Exception {
    Outcome outcome = drill("exit 7");

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.errors()).contains("the command ended with status 7: exit 7");
  }
}
