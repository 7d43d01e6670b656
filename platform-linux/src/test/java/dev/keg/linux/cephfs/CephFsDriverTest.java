package dev.keg.linux.cephfs;

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
final class CephFsDriverTest extends ShareDriverContract {
  @Override
  protected DriverFactory factory() {
    return CephFsDriver.factory(_ -> fake.kernel());
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("monitors", "m1,m2:6789", "path", "/db");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of(
        "monitors",
        "m1,,m2",
        "path",
        "up",
        "fs",
        "a,b",
        "user",
        "a,secret=x",
        "secret-file",
        "key",
        "timeout",
        "-1",
        "o",
        "secret=x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          timeout=1        | -o name=admin,mount_timeout=1 -- m1,m2:6789:/db
          timeout=0        | -o name=admin -- m1,m2:6789:/db
          monitors=        | -o name=admin,mount_timeout=60 -- :/db
          monitors=[::1]:1 | -o name=admin,mount_timeout=60 -- [::1]:1:/db
          user=backup      | -o name=backup,mount_timeout=60 -- m1,m2:6789:/db
          fs=two           | -o name=admin,mds_namespace=two,mount_timeout=60 -- m1,m2:6789:/db
          secret-file=/k   | -o name=admin,secretfile=/k,mount_timeout=60 -- m1,m2:6789:/db
          """)
  void options_become_those_of_mount(String option, String wanted) throws IOException {
    assertThat(mountsWith(option))
        .containsExactly("mount -t ceph " + wanted + " ROOT/volumes/db/_data");
  }
}
