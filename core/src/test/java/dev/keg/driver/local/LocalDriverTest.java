package dev.keg.driver.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Secrets;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.RegistryException.OutsideRoot;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no permission bits")
class LocalDriverTest {
  private static final VolumeName NAME = new VolumeName("vol");

  private final DriverFactory factory = LocalDriver.directoriesOnly();
  private final VolumeDriver driver =
      factory.open(new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
  private final Path directory;
  private final VolumeHome home;

  LocalDriverTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.home = new VolumeHome(Files.createDirectories(directory.resolve("volumes/vol")));
  }

  private static Volume volume(Map<String, String> options) {
    return new Volume(NAME, "local", Options.of(options), Labels.NONE, Instant.EPOCH);
  }

  private void create(Map<String, String> options, Ownership ownership) {
    driver.create(
        new CreateRequest(
            volume(options),
            home,
            DriverOptions.of(NAME, Options.of(options), factory.options()),
            ownership,
            Secrets.NONE));
  }

  private Path mount(Map<String, String> options) {
    return driver.mount(
        new MountRequest(
            volume(options),
            home,
            DriverOptions.of(NAME, Options.of(options), factory.options()),
            Secrets.NONE));
  }

  private int mode() throws IOException {
    return (int) Files.getAttribute(home.data(), "unix:mode") & 07777;
  }

  @Test
  void a_plain_volume_is_a_directory_that_everybody_may_read() throws IOException {
    create(Map.of(), Ownership.DEFAULT);

    assertThat(mode()).isEqualTo(0755);
    assertThat(mount(Map.of())).isEqualTo(home.data());
    assertThat(driver.alwaysVisible(volume(Map.of()))).isTrue();
  }

  @Test
  void the_mode_is_exactly_what_was_asked_for() throws IOException {
    create(Map.of("mode", "2777"), Ownership.DEFAULT);

    assertThat(mode()).isEqualTo(02777);
  }

  @Test
  void what_the_request_says_comes_before_the_options() throws IOException {
    create(
        Map.of("mode", "0700"),
        new Ownership(OptionalLong.empty(), OptionalLong.empty(), OptionalInt.of(0750)));

    assertThat(mode()).isEqualTo(0750);
  }

  @Test
  void the_owner_is_set() throws IOException {
    int uid = (int) Files.getAttribute(directory, "unix:uid");

    create(Map.of("uid", Integer.toString(uid)), Ownership.DEFAULT);

    assertThat(Files.getAttribute(home.data(), "unix:uid")).isEqualTo(uid);
  }

  @Test
  void an_owner_that_may_not_be_set_is_an_error() throws IOException {
    assumeFalse((int) Files.getAttribute(directory, "unix:uid") == 0, "root may give files away");

    assertThatThrownBy(() -> create(Map.of("uid", "1"), Ownership.DEFAULT))
        .isInstanceOf(DriverFailed.class)
        .hasMessage(
            "create vol: error while creating volume data path '%s': operation not permitted",
            home.data());
  }

  @Test
  void a_directory_that_is_there_already_is_an_error() throws IOException {
    Files.createDirectory(home.data());

    assertThatThrownBy(() -> create(Map.of(), Ownership.DEFAULT))
        .isInstanceOf(DriverFailed.class)
        .hasMessageEndingWith(": file exists");
  }

  @Test
  void removing_a_volume_leaves_its_directory_to_the_core() throws IOException {
    create(Map.of(), Ownership.DEFAULT);
    Files.writeString(home.data().resolve("file"), "precious");

    driver.remove(volume(Map.of()), home);

    assertThat(home.data().resolve("file")).exists();
  }

  @Test
  void a_volume_whose_data_is_gone_can_be_removed() {
    assertThatCode(() -> driver.remove(volume(Map.of()), home)).doesNotThrowAnyException();
  }

  @Test
  void data_that_is_outside_the_root_is_not_removed() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside")).toRealPath();
    Files.createSymbolicLink(home.data(), outside);

    assertThatThrownBy(() -> driver.remove(volume(Map.of()), home))
        .isInstanceOf(OutsideRoot.class)
        .hasMessage(
            "remove vol: unable to remove a directory outside of the local volume root %s: %s",
            directory.resolve("volumes"), outside);
  }

  @Test
  void data_that_is_the_root_itself_is_not_removed() throws IOException {
    Files.createSymbolicLink(home.data(), directory.resolve("volumes"));

    assertThatThrownBy(() -> driver.remove(volume(Map.of()), home)).isInstanceOf(OutsideRoot.class);
  }

  @Test
  void a_directory_that_only_begins_like_the_root_is_outside() throws IOException {
    Files.createSymbolicLink(
        home.data(), Files.createDirectory(directory.resolve("volumes-of-others")));

    assertThatThrownBy(() -> driver.remove(volume(Map.of()), home)).isInstanceOf(OutsideRoot.class);
  }

  @Test
  void a_link_in_place_of_the_data_is_not_followed_by_mount() throws IOException {
    Files.createSymbolicLink(home.data(), directory);

    assertThatThrownBy(() -> mount(Map.of()))
        .isInstanceOf(DriverFailed.class)
        .hasMessageStartingWith("mount vol: ")
        .hasMessageEndingWith("is a symbolic link, not the volume's own data");
  }

  @Test
  void data_that_is_gone_is_an_error_of_mount() {
    assertThatThrownBy(() -> mount(Map.of()))
        .isInstanceOf(DriverFailed.class)
        .hasMessageEndingWith("_data' is not a directory");
  }

  @Test
  void a_volume_that_describes_a_mount_is_not_visible_without_it() {
    assertThat(driver.alwaysVisible(volume(Map.of("type", "tmpfs", "device", "tmpfs")))).isFalse();
  }
}
