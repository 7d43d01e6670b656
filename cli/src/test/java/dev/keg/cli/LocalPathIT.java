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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The script for local-path-provisioner, run directly on the node instead of in a pod. */
@NeedsRoot
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
@Tag("native")
class LocalPathIT {
  private static final String SIZE = "20971520";
  private static final Path SCRIPT =
      Path.of("packaging", "kubernetes", "keg-local-path").toAbsolutePath();

  @RegisterExtension final MachineState machine = new MachineState();
  private Path programs;
  private Path directory;

  @BeforeEach
  void make() throws IOException {
    programs = Files.createDirectory(machine.directory().resolve("bin"));
    directory = machine.directory().resolve("opt/pvc-1_default_data");
    program("nsenter", "[ \"$1 $2 $3 $4\" = '-t 1 -m --' ] || exit 9\nshift 4\nexec \"$@\"");
    program("systemctl", "echo \"$*\" >>'%s'".formatted(machine.directory().resolve("units")));
    program("keg", "exec '%s' \"$@\"".formatted(BuiltProgram.path()));
  }

  private void program(String name, String text) throws IOException {
    Path file = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Outcome script(Map<String, String> more, String... arguments) throws Exception {
    Map<String, String> variables = new HashMap<>(BuiltProgram.ENVIRONMENT);
    variables.put("PATH", programs + ":/usr/sbin:/usr/bin:/sbin:/bin");
    variables.put("KEG_ROOT", machine.directory().resolve("keg").toString());
    variables.putAll(more);
    return new ProcessRunner(
            List.of("/bin/sh", SCRIPT.toString()), variables, Duration.ofMinutes(5))
        .run(Invocation.of(arguments));
  }

  private Outcome script(String... arguments) throws Exception {
    return script(Map.of(), arguments);
  }

  private Outcome create() throws Exception {
    return script("-p", directory.toString(), "-s", SIZE, "-m", "Filesystem", "-a", "create");
  }

  private List<String> units() throws IOException {
    return Files.readAllLines(machine.directory().resolve("units"));
  }

  @Test
  void a_claim_is_a_volume_with_a_limit_that_is_mounted_again_and_deleted() throws Exception {
    assertThat(create()).isEqualTo(new Outcome("", "", 0));
    Path data = directory.toRealPath();
    assertThat(data.toString()).endsWith("/_data/claim");
    assertThat(Files.getFileStore(data).getTotalSpace()).isLessThan(Long.parseLong(SIZE));
    Files.writeString(directory.resolve("file"), "content");

    new ProcessRunner(List.of("/bin/umount"), Map.of(), Duration.ofMinutes(1))
        .run(Invocation.of(data.resolveSibling("").toString()));
    assertThat(Files.exists(directory)).isFalse();
    assertThat(create().exit()).isZero();
    assertThat(directory.resolve("file")).hasContent("content");

    Map<String, String> said = Map.of("VOL_DIR", directory.toString());
    assertThat(script(said, "-a", "delete")).isEqualTo(new Outcome("", "", 0));
    assertThat(script(said, "-a", "delete").exit()).isZero();
    assertThat(directory).doesNotExist();
    assertThat(data).doesNotExist();
    assertThat(units()).first().asString().startsWith("enable --quiet keg-mount@k8s-");
    assertThat(units()).last().asString().startsWith("disable --quiet keg-mount@k8s-");
  }

  @Test
  void what_is_not_kegs_is_left_alone() throws Exception {
    Files.createDirectories(directory);

    assertThat(create().errors()).contains("exists and is not Keg's");
    assertThat(script("-p", directory.toString(), "-a", "delete").exit()).isZero();
    assertThat(directory).isDirectory();
    for (String invalid : List.of("relative", "/a/../b", "/a/..", "//", "/", "")) {
      assertThat(script("-p", invalid, "-s", SIZE, "-a", "create").errors())
          .contains("invalid directory");
    }
    assertThat(script("-p", "/x", "-s", SIZE, "-m", "Block").errors()).contains("mode Block");
    assertThat(script("-p", "/x", "-s", "1k").errors()).contains("invalid size");
  }
}
