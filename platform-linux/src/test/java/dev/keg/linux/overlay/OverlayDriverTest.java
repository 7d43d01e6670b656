package dev.keg.linux.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keg.driver.Dependents;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Snapshots;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.linux.SnapshotDriverContract;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a driver for Linux")
final class OverlayDriverTest extends SnapshotDriverContract {
  @BeforeEach
  void makeLower() throws IOException {
    Files.createDirectories(base().data());
  }

  private VolumeHome base() {
    return new VolumeHome(root.resolve("volumes").resolve("base"));
  }

  @Override
  protected DriverFactory factory() {
    return OverlayDriver.factory(_ -> fake.kernel());
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("lower", "base");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of("lower", "nope");
  }

  /** Its layers are directories. */
  @Override
  protected boolean isPutInOrder() {
    return false;
  }

  @Test
  void a_snapshot_is_a_copy_of_the_upper_layer_on_the_same_lower_one() throws IOException {
    Subject db = create("db");
    Files.writeString(db.home().file("upper").resolve("f"), "new");
    VolumeHome snapshot = new VolumeHome(Files.createDirectories(db.home().file("snapshots/one")));
    Snapshots driver = (Snapshots) open();

    driver.snapshot(db.volume(), db.home(), snapshot);
    driver.show(new MountRequest(db.volume(), snapshot, optionsOf(db.volume()), secrets())).close();

    assertThat(snapshot.file("upper").resolve("f")).hasContent("new");
    assertThat(mountCalls())
        .contains(
            "fsconfig lowerdir=ROOT/volumes/db/snapshots/one/upper:ROOT/volumes/base/_data",
            "fsconfig ro")
        .noneMatch(call -> call.contains("upperdir"));
  }

  @Test
  void the_lower_volume_is_below_and_what_differs_in_the_home() throws IOException {
    mount(create("db"));

    assertThat(mountCalls())
        .containsExactly(
            "fsopen overlay",
            "fsconfig source=overlay",
            "fsconfig lowerdir=ROOT/volumes/base/_data",
            "fsconfig upperdir=ROOT/volumes/db/upper",
            "fsconfig workdir=ROOT/volumes/db/work",
            "fsconfig create",
            "fsmount",
            "move_mount overlay ROOT/volumes/db/_data");
  }

  @Test
  void its_root_directory_begins_as_the_lower_one() throws IOException {
    Path lower = base().data();
    Files.setPosixFilePermissions(lower, PosixFilePermissions.fromString("rwxrwx---"));

    Subject db = create("db");

    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(db.home().file("upper"))))
        .isEqualTo("rwxrwx---");
  }

  @Test
  void the_lower_volume_knows_who_is_built_on_it_until_that_is_gone() throws IOException {
    Subject db = create("db");
    assertThat(new Dependents(base()).names()).containsExactly("db");
    assertThat(open().builtOn(db.volume())).containsExactly(new VolumeName("base"));

    remove(db);
    assertThat(new Dependents(base()).names()).isEmpty();
    create("other");
    assertThat(new Dependents(base()).names()).containsExactly("other");
  }

  @Test
  void a_lower_volume_must_be_another_one_that_exists() {
    assertThatThrownBy(() -> create("db", Map.of("lower", "db")))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create db: invalid lower: 'db'");
    assertThatThrownBy(() -> create("db", Map.of()))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create db: missing required option: \"lower\"");
  }

  @Test
  void a_kernel_without_it_says_so() throws IOException {
    Subject db = create("db");
    fake.mounts.unknownTypes.add("overlay");

    DriverFailed failure = catchThrowableOfType(DriverFailed.class, () -> mount(db));

    assertThat(failure)
        .hasMessage(
            "mount db: cannot mount overlay (overlay): no such device (this kernel has no"
                + " overlay)");
    assertThat(failure.hint()).get().asString().startsWith("`modprobe overlay` shows why");
  }
}
