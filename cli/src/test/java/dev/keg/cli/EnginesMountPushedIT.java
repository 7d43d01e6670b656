package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.server.DockerRegistry;
import dev.keg.fixtures.tree.TreeDump;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A volume that Keg has pushed is an image that podman mounts as a volume. */
@NeedsRoot
@NeedsTool(value = "busybox", from = "busybox-static")
@NeedsTool(value = "runc", from = "runc")
@NeedsTool(value = "podman", from = "podman")
@NeedsTool(value = "docker-registry", from = "docker-registry")
@NeedsTool(value = "setfacl", from = "acl")
@NeedsTool(value = "setfattr", from = "attr")
@Tag("native")
class EnginesMountPushedIT {
  // Podman does not keep holes, times before 1970, or attributes of the top directory.
  private static final String FILES =
      """
      cd "$1"
      mkdir -m 2750 top
      mkdir top/sub top/empty
      echo content >top/text
      head -c 3000000 /dev/urandom >top/sub/large
      ln top/text top/sub/link
      ln -s ../text top/sub/symbolic
      ln -s /nowhere top/broken
      mkfifo top/pipe
      : >top/none
      chmod 4755 top/none
      chown 70:71 top top/sub top/sub/large
      chown -h 70:71 top/sub/symbolic
      setfattr -n user.note -v text top/text
      setfacl -m u:12345:r top/text
      touch -d @1600000000.123456789 top/sub/large top/empty
      """;

  @RegisterExtension final MachineState machine = new MachineState();

  private final Engines engines = new Engines(machine);

  private String podman(String... arguments) throws Exception {
    return engines.succeed(engines.podman(arguments));
  }

  @Test
  void its_files_agree() throws Exception {
    engines.makeImage();
    podman("import", engines.at("image.tar"), "bb:1");
    BackupShell shell = new BackupShell(machine.directory().resolve("keg"), "", Map.of());
    shell.keg("create", "db");
    Path data = shell.data("db");
    engines.succeed("/bin/sh", "-e", "-c", FILES, "sh", data.toString());
    TreeDump pushed = TreeDump.of(data.resolve("top"));
    try (DockerRegistry registry = DockerRegistry.start(machine.directory())) {
      String image = registry.host() + "/db:1";
      shell.keg("push", "db", image);
      podman("pull", "--tls-verify=false", image);

      Path mounted = Path.of(podman("image", "mount", image).strip());
      assertThat(pushed.differences(TreeDump.of(mounted.resolve("top")))).isEmpty();
      podman("image", "umount", image);
      String volume = "type=image,source=%s,destination=/data".formatted(image);
      assertThat(
              podman(
                  "run",
                  "--rm",
                  "--network",
                  "none",
                  "--mount",
                  volume,
                  "bb:1",
                  "/bin/cat",
                  "/data/top/text"))
          .isEqualTo("content\n");
    }
  }
}
