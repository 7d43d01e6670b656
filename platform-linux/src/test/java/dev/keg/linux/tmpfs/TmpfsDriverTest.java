package dev.keg.linux.tmpfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.error.VolumeException;
import dev.keg.linux.LinuxDriverContract;
import dev.keg.linux.kernel.Errno;
import dev.keg.volume.Options;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a driver for Linux")
final class TmpfsDriverTest extends LinuxDriverContract {
  @Override
  protected DriverFactory factory() {
    return TmpfsDriver.factory(_ -> fake.kernel());
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("size", "1m");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of(
        "size", "large",
        "mode", "rwx",
        "uid", "root",
        "gid", "4294967295",
        "nr_blocks", "100",
        "nr_inodes", "-1",
        "huge", "sometimes",
        "noswap", "perhaps");
  }

  private static String translated(String text) {
    Map<String, String> options =
        text.isEmpty()
            ? Map.of()
            : Arrays.stream(text.split(" "))
                .map(option -> option.split("=", 2))
                .collect(Collectors.toMap(o -> o[0], o -> o.length > 1 ? o[1] : ""));
    return TmpfsVolumeOptions.of(
            DriverOptions.of(
                new VolumeName("vol"), Options.of(options), TmpfsVolumeOptions.DESCRIPTORS))
        .stream()
        .map(Object::toString)
        .collect(Collectors.joining(","));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                      | size=104857600
          size=1m                 | size=1048576
          size=50%                | size=50%
          size=0                  | size=0
          nr_blocks=256           | nr_blocks=256
          size=1g nr_inodes=1000  | size=1073741824,nr_inodes=1000
          mode=0700 uid=1 gid=2   | size=104857600,mode=700,uid=1,gid=2
          huge=within_size        | size=104857600,huge=within_size
          context=a_u:b_r:c_t:s0  | size=104857600,context=a_u:b_r:c_t:s0
          noswap                  | size=104857600,noswap
          noswap=false            | size=104857600
          """)
  void options_are_translated(String options, String translated) {
    assertThat(translated(options)).isEqualTo(translated);
  }

  @Test
  void it_is_mounted_on_the_data_directory() throws IOException {
    mount(create("db"));

    assertThat(mountCalls())
        .containsExactly(
            "fsopen tmpfs",
            "fsconfig source=tmpfs",
            "fsconfig size=1048576",
            "fsconfig create",
            "fsmount",
            "move_mount tmpfs ROOT/volumes/db/_data");
  }

  @Test
  void a_missing_privilege_is_reported_with_its_remedy() throws IOException {
    Subject db = create("db");
    fake.errno = Errno.EPERM;
    fake.faults().failAt(2);

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(VolumeException.class)
        .hasMessage("mount db: cannot mount tmpfs (tmpfs): operation not permitted");
  }
}
