package dev.keg.linux.gluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.driver.DriverFactory;
import dev.keg.linux.LinuxDriverContract;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a driver for Linux")
final class GlusterDriverTest extends LinuxDriverContract {
  @Override
  protected DriverFactory factory() {
    return GlusterDriver.factory(_ -> fake.kernel());
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("server", "gl1", "volume", "shared");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of(
        "server",
        "-o exec",
        "volume",
        "a/b",
        "path",
        "up",
        "backup-servers",
        "a:b",
        "timeout",
        "-1",
        "o",
        "ro,,rw");
  }

  private List<String> mounts() {
    return mountCalls().stream().filter(call -> call.startsWith("mount ")).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          timeout=1            | -- gl1:/shared
          path=/db             | -- gl1:/shared/db
          server=fe80::1       | -- [fe80::1]:/shared
          backup-servers=b,c.d | -o backup-volfile-servers=b:c.d -- gl1:/shared
          o=nosuid             | -o nosuid -- gl1:/shared
          """)
  void options_become_those_of_mount(String option, String wanted) throws IOException {
    Map<String, String> options = new HashMap<>(options());
    options.put(
        option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));

    mount(create("db", options));

    assertThat(mounts()).containsExactly("mount -t glusterfs " + wanted + " ROOT/volumes/db/_data");
  }
}
