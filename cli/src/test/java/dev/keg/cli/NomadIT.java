package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner;
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

/** Nomad starts its plugins with only its own environment: without PATH and HOME. */
@NeedsRoot
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
@Tag("native")
class NomadIT {
  private static final int SIZE = 20 << 20;

  @RegisterExtension final MachineState machine = new MachineState();

  private Path root() {
    return machine.directory().resolve("keg");
  }

  private Outcome nomad(String operation) throws Exception {
    return nomad(operation, SIZE);
  }

  private Outcome nomad(String operation, int size) throws Exception {
    return nomad(
        operation,
        Map.of(
            "DHV_VOLUME_ID", "0f8f7a9c-6d0a-4f5e-9c53-6a4d3a0b1c2d",
            "DHV_VOLUME_NAME", "db",
            "DHV_CAPACITY_MIN_BYTES", Integer.toString(size),
            "DHV_CAPACITY_MAX_BYTES", "0",
            "DHV_PARAMETERS", "{\"label.tier\":\"gold\"}",
            "DHV_CREATED_PATH", machine.directory().toString()));
  }

  private Outcome nomad(String operation, Map<String, String> variables) throws Exception {
    Map<String, String> environment = new TreeMap<>(variables);
    environment.put("DHV_OPERATION", operation);
    CommandRunner keg =
        BuiltProgram.isNative()
            ? new ProcessRunner(List.of(BuiltProgram.path()), environment, Duration.ofMinutes(2))
            : new MachineKeg(environment);
    return keg.run(Invocation.of("--root", root().toString(), "nomad", operation));
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

  /** The requests of Nomad's own script for plugin authors, step by step. */
  @Test
  void the_script_for_plugin_authors_passes() throws Exception {
    Map<String, String> delete =
        new TreeMap<>(
            Map.of(
                "DHV_VOLUMES_DIR", "/tmp",
                "DHV_VOLUME_NAME", "test",
                "DHV_VOLUME_ID", "74564d17-ce50-0bc1-48e5-6feaa41ede48",
                "DHV_NODE_ID", "0b62d807-6101-a80f-374d-e1c430abbf47",
                "DHV_PLUGIN_DIR", ".",
                "DHV_PARAMETERS", "{\"a\": \"ayy\"}"));
    Map<String, String> create = new TreeMap<>(delete);
    create.put("DHV_CAPACITY_MAX_BYTES", "50000000");
    create.put("DHV_CAPACITY_MIN_BYTES", "50000000");

    assertThat(nomad("fingerprint", Map.of()).output())
        .matches("\\{\"version\":\"\\d+\\.\\d+\\.\\d+[^\"]*\"}\n");
    String made = nomad("create", create).output();
    assertThat(made)
        .matches("\\{\"path\":\"/.*/nomad-74564d17-[^\"]*/_data\",\"bytes\":5\\d{7}}\n");
    assertThat(nomad("create", create).output()).isEqualTo(made);
    create.put("DHV_VOLUME_ID", "11111111-ce50-0bc1-48e5-6feaa41ede48");
    create.put("DHV_VOLUMES_DIR", "/some/other/place");
    assertThat(nomad("create", create).output()).contains("/nomad-11111111-");
    Outcome unknown = nomad("upgrade", Map.of());
    assertThat(unknown.exit()).isNotZero();
    for (String id : List.of("74564d17", "11111111", "11111111")) {
      delete.put("DHV_VOLUME_ID", id + "-ce50-0bc1-48e5-6feaa41ede48");
      assertThat(nomad("delete", delete).exit()).isZero();
    }
    assertThat(root().resolve("volumes")).isEmptyDirectory();
  }
}
