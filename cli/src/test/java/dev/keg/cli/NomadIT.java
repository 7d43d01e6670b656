package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nomad starts its plugins with no environment but its own: no PATH, no HOME. */
@NeedsRoot
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
@Tag("native")
class NomadIT {
  private static final int SIZE = 20 << 20;

  @RegisterExtension final MachineState machine = new MachineState();

  private Outcome nomad(String operation) throws Exception {
    return nomad(operation, SIZE);
  }

  private Outcome nomad(String operation, int size) throws Exception {
    Map<String, String> environment =
        new TreeMap<>(
            Map.of(
                "DHV_OPERATION", operation,
                "DHV_VOLUME_ID", "0f8f7a9c-6d0a-4f5e-9c53-6a4d3a0b1c2d",
                "DHV_VOLUME_NAME", "db",
                "DHV_CAPACITY_MIN_BYTES", Integer.toString(size),
                "DHV_CAPACITY_MAX_BYTES", "0",
                "DHV_PARAMETERS", "{\"label.tier\":\"gold\"}",
                "DHV_CREATED_PATH", machine.directory().toString()));
    if (!BuiltProgram.isNative()) {
      // The launcher is a script of a shell.
      environment.putAll(BuiltProgram.ENVIRONMENT);
    }
    List<String> command =
        List.of(BuiltProgram.path(), "--root", machine.directory().resolve("keg").toString());
    return new ProcessRunner(command, environment, Duration.ofMinutes(2))
        .run(Invocation.of("nomad", operation));
  }

  private boolean isMounted(Path path) throws Exception {
    return Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + path + " ");
  }

  @Test
  void a_volume_with_a_limit_is_mounted_again_after_a_boot_and_deleted_by_its_id()
      throws Exception {
    Path data =
        machine
            .directory()
            .toRealPath()
            .resolve("keg/volumes/nomad-0f8f7a9c-6d0a-4f5e-9c53-6a4d3a0b1c2d/_data");
    String expected = "{\"path\":\"%s\",\"bytes\":%d}\n".formatted(data, SIZE);

    assertThat(nomad("create").output()).isEqualTo(expected);
    assertThat(isMounted(data)).isTrue();
    Files.writeString(data.resolve("file"), "content");
    assertThat(nomad("create").output()).isEqualTo(expected);

    new ProcessRunner(List.of("/bin/umount"), Map.of(), Duration.ofMinutes(1))
        .run(Invocation.of(data.toString()));
    assertThat(nomad("create").output()).isEqualTo(expected);
    assertThat(data.resolve("file")).hasContent("content");

    assertThat(nomad("create", 2 * SIZE).output())
        .startsWith("{\"error\":\"invalid request: volume ")
        .contains("`keg resize ");

    assertThat(nomad("delete").output()).isEqualTo("{}\n");
    assertThat(nomad("delete").exit()).isZero();
    assertThat(data.getParent()).doesNotExist();
    assertThat(machine.directory()).exists();
  }
}
