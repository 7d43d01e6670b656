package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A container run by runc sees what Keg mounted below its root directory. */
@NeedsRoot
@NeedsTool(value = "runc", from = "runc")
@Tag("native")
class RuncSeesMountsIT {
  private static final String CONTAINER = "keg-seen-by-runc";

  @RegisterExtension final MachineState machine = new MachineState();

  private Path bundle() {
    return machine.directory();
  }

  private Outcome keg(String line) throws Exception {
    String[] words =
        ("--root ROOT/keg " + line).replace("ROOT", bundle().toString()).split(" ", -1);
    Outcome outcome = BuiltProgram.run(words);
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
    return outcome;
  }

  /** A root directory that uses the programs of this machine. */
  @BeforeEach
  void bundleWithVolumes() throws Exception {
    Path rootfs = Files.createDirectory(bundle().resolve("rootfs"));
    for (String link : List.of("bin", "lib", "lib64")) {
      Files.createSymbolicLink(rootfs.resolve(link), Path.of("usr", link));
    }
    Files.createDirectories(bundle().resolve("source"));
    keg("create db");
    Files.writeString(bundle().resolve("keg/volumes/db/_data/file"), "from the volume");
    keg(
        "mount --container "
            + CONTAINER
            + " --rootfs ROOT/rootfs -v db:/data -v ROOT/source:/src:ro --tmpfs /mem:size=1m,exec");
  }

  @AfterEach
  void unmounted() throws Exception {
    keg("unmount --container " + CONTAINER);
  }

  private Outcome inContainer(String script) throws IOException, InterruptedException {
    Files.writeString(
        bundle().resolve("config.json"),
        """
        {"ociVersion": "1.0.2",
         "process": {"terminal": false, "user": {"uid": 0, "gid": 0}, "cwd": "/",
                     "args": ["/bin/sh", "-c", "SCRIPT"], "env": ["PATH=/bin"]},
         "root": {"path": "rootfs"},
         "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
                    {"destination": "/usr", "type": "bind", "source": "/usr",
                     "options": ["rbind", "ro"]}],
         "linux": {"namespaces": [{"type": "pid"}, {"type": "ipc"}, {"type": "mount"}]}}
        """
            .replace("SCRIPT", script));
    return new ProcessRunner(
            List.of(
                "runc", "--root", bundle() + "/run", "run", "-b", bundle().toString(), CONTAINER),
            Map.of("PATH", System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin")),
            Duration.ofMinutes(1))
        .run(Invocation.of());
  }

  @Test
  void a_volume_is_there_and_writable() throws Exception {
    Outcome outcome = inContainer("cat /data/file; echo back > /data/answer");

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output()).isEqualTo("from the volume");
    assertThat(bundle().resolve("keg/volumes/db/_data/answer")).hasContent("back\n");
  }

  @Test
  void a_read_only_directory_cannot_be_written() throws Exception {
    Outcome outcome = inContainer("touch /src/x");

    assertThat(outcome.exit()).isNotZero();
    assertThat(outcome.errors()).contains("Read-only file system");
  }

  @Test
  void memory_has_the_size_that_was_asked_for() throws Exception {
    assertThat(inContainer("head -c 2000000 /dev/zero > /mem/x").errors())
        .contains("No space left on device");
  }
}
