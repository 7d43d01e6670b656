package dev.keg.linux.gluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.driver.DriverFactory;
import dev.keg.linux.ShareDriverContract;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a driver for Linux")
final class GlusterDriverTest extends ShareDriverContract {
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
    assertThat(mountsWith(option))
        .containsExactly("mount -t glusterfs " + wanted + " ROOT/volumes/db/_data");
  }
}
