package dev.keg.linux.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keg.driver.local.LocalDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.linux.RealDriver;
import dev.keg.linux.RealDriver.Made;
import dev.keg.linux.driver.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Docker's local driver with docker's options, on the kernel of this machine. */
@NeedsRoot
class LocalDriverIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private RealDriver driver() throws IOException {
    return new RealDriver(
        LocalDriver.mountingBy(context -> new LinuxLocalMounts(Kernel.open(context))),
        machine.directory());
  }

  @Test
  void a_tmpfs_is_mounted_as_docker_mounts_it() throws IOException {
    RealDriver driver = driver();
    Made made =
        driver.create(
            "db", Map.of("type", "tmpfs", "device", "tmpfs", "o", "size=1m,uid=1000,nosuid"));

    driver.mount(made);

    assertThat(made.mounted().type()).isEqualTo("tmpfs");
    assertThat(made.mounted().source()).isEqualTo("tmpfs");
    assertThat(made.mounted().options()).contains("nosuid");
    assertThat(made.mounted().superOptions()).contains("size=1024k", "uid=1000");
    driver.mount(made);
    driver.unmount(made);
    driver.unmount(made);
    driver.remove(made);
  }

  @Test
  void the_device_none_mounts_something() throws IOException {
    RealDriver driver = driver();
    Made made = driver.create("db", Map.of("type", "tmpfs", "device", "none"));

    driver.mount(made);

    assertThat(made.mounted().source()).isEqualTo("none");
    driver.unmount(made);
  }

  @Test
  void a_read_only_bind_is_read_only() throws IOException {
    Path source = Files.createDirectory(machine.directory().resolve("source"));
    RealDriver driver = driver();
    Made made =
        driver.create(
            "db", Map.of("type", "none", "device", source.toString(), "o", "bind,ro,rprivate"));

    driver.mount(made);

    assertThat(made.mounted().options()).contains("ro");
    assertThat(made.mounted().peers()).isEmpty();
    assertThatThrownBy(() -> Files.createFile(made.data().resolve("x")))
        .hasMessageContaining("Read-only");
    driver.unmount(made);
  }

  @Test
  void a_device_that_is_not_there_is_reported_in_dockers_words() throws IOException {
    RealDriver driver = driver();
    Made made = driver.create("db", Map.of("type", "none", "device", "/no/such", "o", "bind"));

    assertThatThrownBy(() -> driver.mount(made))
        .isInstanceOf(DriverFailed.class)
        .hasMessage(
            "mount db: error while mounting volume '%s': failed to mount local volume: mount"
                + " /no/such:%s, flags: 0x1000: no such file or directory",
            made.data(), made.data());
  }

  @Test
  void a_file_system_that_the_kernel_does_not_know_is_reported() throws IOException {
    RealDriver driver = driver();
    Made made = driver.create("db", Map.of("type", "no-such-type", "device", "x"));

    DriverFailed failure = catchThrowableOfType(DriverFailed.class, () -> driver.mount(made));

    assertThat(failure)
        .hasMessageEndingWith(
            "failed to mount local volume: mount x:%s: no such device", made.data());
    assertThat(failure.hint()).get().asString().startsWith("this kernel has no no-such-type, and");
  }

  @Test
  void a_size_needs_quotas() throws IOException {
    RealDriver driver = driver();

    assertThatThrownBy(() -> driver.create("db", Map.of("size", "1m")))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create db: quota size requested but no quota support");
    assertThat(machine.directory().resolve("staging")).isEmptyDirectory();
  }

  @Test
  @NeedsTool(value = "mount.fuse", from = "fuse3")
  void a_fuse_file_system_goes_through_its_helper() throws IOException {
    RealDriver driver = driver();
    Made made =
        driver.create("db", Map.of("type", "fuse.no-such-helper", "device", "x", "o", "ro"));

    assertThatThrownBy(() -> driver.mount(made))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("failed to mount local volume: ")
        .hasMessageContaining("no-such-helper");
  }
}
