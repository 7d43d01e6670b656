package dev.keg.cli.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.attachment.NoMounts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostSystemTest {
  private final String here = System.getProperty("os.name", "");

  @AfterEach
  void back() {
    System.setProperty("os.name", here);
  }

  @Test
  void the_mounts_of_linux_are_asked_for_on_linux_only() {
    System.setProperty("os.name", "Windows Server 2022");
    assertThat(HostSystem.ofProcess().mountTable()).isInstanceOf(NoMounts.class);

    System.setProperty("os.name", "Linux");
    assertThat(HostSystem.ofProcess().mountTable()).isNotInstanceOf(NoMounts.class);
  }
}
