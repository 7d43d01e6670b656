package dev.keg.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.attachment.MountIdentity;
import dev.keg.attachment.MountTable;
import dev.keg.attachment.MountTable.OutsideMount;
import dev.keg.attachment.MountTable.Reach;
import dev.keg.driver.DriverContext;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.linux.driver.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The kernel of this machine distinguishes mounts wherever they are moved. */
@NeedsRoot
class MovedMountIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private final MountTable table = new LinuxMountTable();
  private final Mounts mounts =
      Kernel.open(new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {})).mounts();

  private Path directory(String name) throws IOException {
    return Files.createDirectories(machine.directory().resolve(name));
  }

  private void bind(Path source, Path target) throws Exception {
    mounts.bind(
        new BindMount(
            FileLocation.at(source),
            FileLocation.at(target),
            Submounts.LEFT_OUT,
            Set.of(),
            null,
            null));
  }

  @Test
  void a_mount_is_found_after_its_directory_was_renamed() throws Exception {
    Path site = directory("a/b");
    bind(directory("volumes/db/_data"), site);
    MountIdentity identity = table.identity(site).orElseThrow();
    Path moved = Files.move(site.getParent(), machine.directory().resolve("z")).resolve("b");

    assertThat(table.find(identity, site)).contains(moved);
    assertThat(table.mountsOutside(machine.directory().resolve("volumes"), Reach.HERE))
        .containsExactly(
            new OutsideMount(
                machine.directory().resolve("volumes/db/_data"),
                moved.toString(),
                Optional.empty()));

    mounts.unmount(moved, false);
    assertThat(table.find(identity, site)).isEmpty();
  }

  @Test
  void a_later_mount_with_the_same_number_is_another_one() throws Exception {
    Path site = directory("a/b");
    Path other = directory("z/c");
    bind(directory("volumes/db/_data"), site);
    MountIdentity identity = table.identity(site).orElseThrow();
    mounts.unmount(site, false);
    bind(machine.directory().resolve("volumes/db/_data"), other);

    assertThat(table.find(identity, site)).isEmpty();
    mounts.unmount(other, false);
  }

  @Test
  @NeedsTool(value = "unshare", from = "util-linux")
  void a_mount_in_another_namespace_is_seen() throws Exception {
    Path data = directory("volumes/db/_data");
    Path volumes = data.resolve("../..").normalize();
    Path target = directory("x");
    Process other =
        new ProcessBuilder(
                "unshare",
                "-m",
                "--propagation",
                "private",
                "sh",
                "-c",
                "mount --bind \"$1\" \"$2\" && echo ready && read line",
                "sh",
                data.toString(),
                target.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var ready = other.inputReader();
        var end = other.outputWriter()) {
      assertThat(ready.readLine()).isEqualTo("ready");

      assertThat(table.mountsOutside(volumes, Reach.HERE)).isEmpty();
      assertThat(table.mountsOutside(volumes, Reach.EVERYWHERE))
          .extracting(OutsideMount::target)
          .containsExactly(target.toString());
      end.write("\n");
    }
    assertThat(other.waitFor()).isZero();

    table.refresh();
    assertThat(table.mountsOutside(volumes, Reach.EVERYWHERE)).isEmpty();
  }
}
