package dev.keg.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.attachment.MountTable;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "there is no /proc elsewhere")
public class LinuxMountTableTest {
  private final MountTable table = new LinuxMountTable();

  @Test
  void it_is_found_and_shows_the_root_and_proc() {
    assertThat(table.mounts())
        .extracting(MountTable.MountPoint::target)
        .contains(Path.of("/"), Path.of("/proc"));
  }

  @Test
  void it_tells_boots_and_machines_apart() {
    assertThat(table.bootId()).matches("[0-9a-f-]{36}");
    assertThat(table.hostId()).isNotBlank();
  }
}
