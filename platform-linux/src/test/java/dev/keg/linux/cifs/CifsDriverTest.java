package dev.keg.linux.cifs;

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
final class CifsDriverTest extends ShareDriverContract {
  @Override
  protected DriverFactory factory() {
    return CifsDriver.factory(_ -> fake.kernel());
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("server", "nas", "share", "db");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of(
        "server", "a/b",
        "share", "/db",
        "credentials", "relative",
        "vers", "1.0",
        "uid", "me",
        "gid", "4294967295",
        "mode", "rwx",
        "timeout", "3601",
        "o", "password=xyzzy");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          credentials=/etc/c | credentials=/etc/c,soft,echo_interval=20 -- //nas/db
          vers=3.1.1         | guest,vers=3.1.1,soft,echo_interval=20 -- //nas/db
          uid=33             | guest,uid=33,soft,echo_interval=20 -- //nas/db
          mode=0750          | guest,dir_mode=0750,file_mode=0640,soft,echo_interval=20 -- //nas/db
          timeout=0          | guest,hard -- //nas/db
          timeout=1          | guest,soft,echo_interval=1 -- //nas/db
          o=ro,seal          | guest,soft,echo_interval=20,ro,seal -- //nas/db
          share=db\\a b\\c   | guest,soft,echo_interval=20 -- //nas/db/a b/c
          """)
  void options_become_those_of_mount(String option, String wanted) throws IOException {
    assertThat(mountsWith(option))
        .containsExactly("mount -t cifs -o " + wanted + " ROOT/volumes/db/_data");
  }
}
