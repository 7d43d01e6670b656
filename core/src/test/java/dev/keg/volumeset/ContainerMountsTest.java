package dev.keg.volumeset;

import static dev.keg.volumeset.Machine.OTHER;
import static dev.keg.volumeset.Machine.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.VolumeException;
import dev.keg.volumeset.Machine.Wanted;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ContainerMountsTest {
  private final Machine machine;

  ContainerMountsTest() throws IOException {
    machine = new Machine();
  }

  @Test
  void the_mounts_of_a_container_come_in_their_order_with_target_and_site() {
    machine.mount(WEB, Wanted.volumes("db:/data/sub", "www:/data"));

    assertThat(ContainerMounts.of(machine.context, WEB).entries())
        .extracting(entry -> entry.target() + " at " + entry.site())
        .containsExactly("/data at /keg/r/data", "/data/sub at /keg/r/data/sub");
  }

  @Test
  void a_container_without_mounts_is_an_error() {
    machine.mount(WEB, Wanted.volumes("db:/data"));

    assertThatExceptionOfType(VolumeException.class)
        .isThrownBy(() -> ContainerMounts.of(machine.context, OTHER))
        .withMessageContaining("nothing is mounted for this container");
  }

  @Test
  void a_mount_that_somebody_else_took_away_is_an_error() {
    machine.mount(WEB, Wanted.volumes("db:/data"));
    machine.table.unmount("/keg/r/data");

    assertThatExceptionOfType(VolumeException.class)
        .isThrownBy(() -> ContainerMounts.of(machine.context, WEB).entries())
        .withMessageContaining("its mount for container web1 is gone");
  }

  @Test
  void the_mounts_of_an_earlier_boot_are_an_error() {
    machine.mount(WEB, Wanted.volumes("db:/data"));
    machine.table.reboot();

    assertThatExceptionOfType(VolumeException.class)
        .isThrownBy(() -> ContainerMounts.of(machine.context, WEB));
  }
}
