package dev.keg.linux.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.linux.driver.LoopDevices.LoopDevice;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.FakeKernel;
import dev.keg.linux.kernel.LoopSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the paths are those of Linux")
public class LoopDevicesTest {
  private final FakeKernel fake = new FakeKernel();
  private final LoopDevices loops = fake.kernel().loops();
  private final Path image;

  LoopDevicesTest(@TempDir Path directory) throws IOException {
    this.image = Files.createFile(directory.toRealPath().resolve("disk.img"));
  }

  private static LoopSettings settings(boolean directIo) {
    return new LoopSettings(false, true, directIo, 0, "db");
  }

  @Test
  void a_device_stays_as_long_as_somebody_uses_it() throws Exception {
    try (LoopDevice device = loops.attach(image, settings(false))) {
      assertThat(device.path()).isEqualTo(Path.of("/dev/loop0"));
      assertThat(loops.of(image)).contains(Path.of("/dev/loop0"));
    }
    assertThat(loops.of(image)).isEmpty();
  }

  @Test
  void a_device_is_freed_only_if_it_still_shows_the_image() throws Exception {
    try (LoopDevice device = loops.attach(image, settings(false))) {
      loops.detach(device.path(), "/other/disk.img");
      assertThat(loops.of(image)).isPresent();

      loops.detach(device.path(), image.toString());
      assertThat(loops.of(image)).isEmpty();
    }
  }

  @Test
  void a_device_that_somebody_else_takes_first_is_not_waited_for() throws Exception {
    fake.loops.rivals = 3;

    try (LoopDevice device = loops.attach(image, settings(false))) {
      assertThat(device.path()).isEqualTo(Path.of("/dev/loop0"));
    }
  }

  @Test
  void rivals_without_end_are_an_error() {
    fake.loops.rivals = 1000;

    assertThatThrownBy(() -> loops.attach(image, settings(false)))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("busy");
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void direct_io_that_the_file_system_cannot_do_is_an_error() {
    fake.loops.canDirectIo = false;

    assertThatThrownBy(() -> loops.attach(image, settings(true)))
        .hasMessageContaining("does not support direct I/O");
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void a_missing_image_is_an_error() {
    assertThatThrownBy(() -> loops.attach(image.resolveSibling("other"), settings(false)))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("no such file");
  }
}
