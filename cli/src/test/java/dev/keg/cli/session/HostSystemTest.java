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
  void each_system_is_asked_for_its_own_mounts() {
    assertThat(mountTableOn("Windows Server 2022")).startsWith("dev.keg.windows.");
    assertThat(mountTableOn("Linux")).startsWith("dev.keg.linux.");
    assertThat(mountTableOn("Mac OS X")).isEqualTo(NoMounts.class.getName());
  }

  private static String mountTableOn(String system) {
    System.setProperty("os.name", system);
    return HostSystem.ofProcess().platforms().here().mountTable().getClass().getName();
  }
}
