package dev.keg.linux.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.condition.NeedsVm;
import dev.keg.linux.RealDriver;
import dev.keg.linux.RealDriver.Made;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.program.InstalledTools;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code size=} of the local driver, with project quotas of an XFS on the first empty disk. */
@NeedsVm
@NeedsTool(value = "mkfs.xfs", from = "xfsprogs")
class LocalQuotaVmIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private final InstalledTools tools = new InstalledTools(System.getenv(), _ -> {});

  @BeforeEach
  void mountDisk() throws ToolException {
    tools.run(Tool.of("mkfs.xfs", "-q", "-f", "/dev/vda"));
    tools.run(Tool.of("mount", "-o", "prjquota", "/dev/vda", machine.directory().toString()));
  }

  @AfterEach
  void unmountDisk() throws ToolException {
    tools.run(Tool.of("umount", machine.directory().toString()));
  }

  @Test
  void a_size_limits_a_volume_and_no_other_one() throws IOException {
    RealDriver driver =
        new RealDriver(
            LocalDriver.mountingBy(context -> new LinuxLocalMounts(Kernel.open(context))),
            machine.directory());
    Made small = driver.create("small", Map.of("size", "10m"));
    Made other = driver.create("other", Map.of("size", "30m"));
    Made free = driver.create("free", Map.of());
    Path data = driver.mount(small);

    Files.write(data.resolve("fits"), new byte[8 << 20]);
    assertThatThrownBy(() -> Files.write(data.resolve("big"), new byte[8 << 20]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");
    Files.write(driver.mount(other).resolve("fits"), new byte[20 << 20]);
    Files.write(driver.mount(free).resolve("fits"), new byte[50 << 20]);
    assertThat(Files.getFileStore(data).getTotalSpace()).isEqualTo(10 << 20);

    Resizes resizes = (Resizes) driver.driver();
    var _ = resizes.resize(small.volume(), small.home(), Size.parseBinary("20m"), Secrets.NONE);
    Files.write(data.resolve("big"), new byte[8 << 20]);
    var _ = resizes.resize(small.volume(), small.home(), Size.parseBinary("1m"), Secrets.NONE);
    assertThatThrownBy(() -> Files.write(data.resolve("more"), new byte[1 << 20]))
        .hasMessageContaining("No space left");
    assertThat(data.resolve("fits")).hasSize(8 << 20);

    Path next = Files.createDirectory(small.home().file("next"));
    driver.driver().limitSuccessor(small.volume(), small.home(), next, true);
    Files.createLink(next.resolve("linked"), data.resolve("fits"));
    assertThatThrownBy(() -> Files.write(next.resolve("more"), new byte[1 << 20]))
        .hasMessageContaining("No space left");
    Path replaced = Files.createDirectory(small.home().file("replaced"));
    driver.driver().limitSuccessor(small.volume(), small.home(), replaced, false);
    assertThatThrownBy(() -> Files.write(replaced.resolve("more"), new byte[11 << 20]))
        .hasMessageContaining("No space left");

    driver.remove(small);
    Made again = driver.create("again", Map.of("size", "20m"));
    Files.write(driver.mount(again).resolve("fits"), new byte[18 << 20]);
    driver.remove(again);
    driver.remove(other);
    driver.remove(free);
  }
}
