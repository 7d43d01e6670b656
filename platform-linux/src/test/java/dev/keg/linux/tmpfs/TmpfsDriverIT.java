package dev.keg.linux.tmpfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.linux.RealDriver;
import dev.keg.linux.RealDriver.Made;
import dev.keg.linux.driver.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@NeedsRoot
class TmpfsDriverIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private RealDriver driver() throws IOException {
    return new RealDriver(TmpfsDriver.factory(Kernel::open), machine.directory());
  }

  @Test
  void options_are_seen_and_the_size_limits() throws IOException {
    RealDriver driver = driver();
    Made made =
        driver.create(
            "db",
            Map.of("size", "1m", "mode", "2750", "uid", "1000", "gid", "33", "nr_inodes", "10"));

    assertThat(driver.mount(made)).isEqualTo(made.data());

    assertThat(made.mounted().type()).isEqualTo("tmpfs");
    assertThat(made.mounted().superOptions())
        .contains("size=1024k", "nr_inodes=10", "mode=2750", "uid=1000", "gid=33");
    Files.writeString(made.data().resolve("file"), "text");
    assertThat(made.data().resolve("file")).hasContent("text");
    assertThatThrownBy(() -> Files.write(made.data().resolve("big"), new byte[2 << 20]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");
    driver.unmount(made);
    assertThat(made.data()).isEmptyDirectory();
    driver.remove(made);
  }

  @Test
  void a_hundred_megabytes_are_the_default() throws IOException {
    RealDriver driver = driver();
    Made made = driver.create("db", Map.of());

    driver.mount(made);

    assertThat(made.mounted().superOptions()).contains("size=102400k");
    driver.unmount(made);
  }
}
