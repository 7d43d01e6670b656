package dev.keg.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.Renders.MachineDisk;
import dev.keg.error.InvalidInput.InvalidMachine;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriveIdTest {
  @ParameterizedTest
  @CsvSource({
    "'',              vda",
    "vda,             vdb",
    "vdb,             vdc",
    "vda vdc,         vdb",
    "vdb vdd,         vdc",
    "root,            vda",
    "vdz,             vdaa",
    "vdaz,            vdba",
    "vdzz,            vdaaa",
    "rootfs,          vdb",
    "rootfs vdb,      vdc",
    "vdb rootfs vdd,  vdc",
  })
  void the_next_is_the_first_free_one_behind_the_first(String taken, String next) {
    assertThat(DriveId.next(ids(taken))).isEqualTo(new DriveId(next));
  }

  @ParameterizedTest
  @CsvSource({"'', vdb, vdb", "vdb, vdb, vdc", "vdc, vdb, vdb", "'', vda, vda", "vdb, vde, vde"})
  void none_is_before_the_one_that_was_chosen_as_the_first(
      String taken, String first, String next) {
    assertThat(DriveId.next(ids(taken), new DriveId(first))).isEqualTo(new DriveId(next));
  }

  private static Set<DriveId> ids(String text) {
    return Arrays.stream(text.split(" "))
        .filter(id -> !id.isEmpty())
        .map(DriveId::new)
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @CsvSource({
    "vda, 0",
    "vdb, 1",
    "vdz, 25",
    "vdaa, 26",
    "vdba, 52",
    "vdzz, 701",
    "root, -1",
    "rootfs, 0"
  })
  void an_id_has_a_position(String id, int position) {
    assertThat(new DriveId(id).position().orElse(-1)).isEqualTo(position);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "vd a", "vda,x", "vda=1", "-vda", "vdabcdefghijklmnopqrstuv"})
  void what_qemu_could_misread_is_not_an_id(String text) {
    assertThatThrownBy(() -> new DriveId(text)).isInstanceOf(InvalidMachine.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "../x", "a/b", "a b", "-vm"})
  void a_machine_has_a_containers_name(String text) {
    assertThatThrownBy(() -> new MachineId(text))
        .isInstanceOf(InvalidMachine.class)
        .hasMessageStartingWith("invalid machine name: '" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "db,                     db",
    "exactly-twenty-chars,   exactly-twenty-chars",
    "one-that-is-longer-than-that, one-that-is-47888044",
    // For cloud-init, a number after a dot is a partition's, and udev names partitions like this.
    "db.1,                   db_1-848aa910",
    "db-part1,               db-part1-a1284a53",
    "db-part1x,              db-part1x",
  })
  void a_serial_number_has_room_for_the_name_or_a_sum_of_it(String name, String serial) {
    Plug plug =
        new Plug(
            new DriveId("vda"),
            new VolumeName(name),
            new MachineDisk(Path.of("/disk"), "raw", false),
            false);

    assertThat(plug.serial()).hasSizeLessThanOrEqualTo(20).isEqualTo(serial);
  }
}
