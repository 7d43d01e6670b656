package dev.keg.driver.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverContract;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.FakeWorld;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.DriverUnavailable;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.error.VolumeException;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The local driver with options that describe a mount. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no such options on Windows")
final class LocalDriverContractTest extends DriverContract {
  private static final Map<String, String> READ_ONLY_BIND =
      Map.of("type", "none", "device", "/src", "o", "bind,ro");

  private final FakeLocalMounts platform = new FakeLocalMounts();

  @Override
  protected DriverFactory factory() {
    return LocalDriver.mountingBy(_ -> platform);
  }

  @Override
  protected FakeWorld world() {
    return platform;
  }

  @Override
  protected Map<String, String> options() {
    return READ_ONLY_BIND;
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of("size", "hello", "uid", "1000", "mode", "rwx");
  }

  private Path target(String name) {
    return root.resolve("volumes").resolve(name).resolve("_data");
  }

  @Test
  void a_mount_that_stands_already_is_only_finished() throws IOException {
    Subject db = create("db");
    mount(db);
    platform.calls.clear();

    mount(db);

    assertThat(platform.calls).containsExactly("remount-ro " + target("db") + ", flags: 0x1021");
  }

  @Test
  void a_failure_is_reported_as_docker_does() throws IOException {
    Subject db = create("db", Map.of("type", "cifs", "device", "//1.2.3.4/s", "o", "password=pw"));
    platform.faults().failAt(1);

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessage(
            "mount db: error while mounting volume '%s': failed to mount local volume: mount"
                + " //1.2.3.4/s:%s, data: password=********: operation not permitted",
            target("db"), target("db"))
        .extracting(failure -> ((VolumeException) failure).hint())
        .isEqualTo(Optional.of("ask somebody who may"));
  }

  @Test
  void a_name_without_an_address_is_reported_as_docker_does() throws IOException {
    Subject db = create("db", Map.of("type", "nfs", "device", ":/x", "o", "addr=nowhere.invalid"));

    assertThatThrownBy(() -> mount(db))
        .hasMessage(
            "mount db: error while mounting volume '%s': error resolving passed in network volume"
                + " address: lookup nowhere.invalid: no such host",
            target("db"));
  }

  @Test
  void a_type_with_a_helper_is_left_to_it() throws IOException {
    platform.helpers.add("fuse.sshfs");
    Subject db = create("db", Map.of("type", "fuse.sshfs", "device", "h:/x", "o", "ro,port=2"));

    mount(db);

    assertThat(platform.calls)
        .containsExactly("mount -t fuse.sshfs -o ro,port=2 h:/x " + target("db"));
  }

  @Test
  void nfs_is_mounted_as_docker_does_even_where_there_is_a_helper() throws IOException {
    platform.helpers.add("nfs");
    Subject db = create("db", Map.of("type", "nfs", "device", ":/x", "o", "addr=1.2.3.4"));

    mount(db);

    assertThat(platform.calls)
        .containsExactly("mount :/x:" + target("db") + ", data: addr=1.2.3.4");
  }

  @Test
  void an_address_is_for_the_kernel_even_where_there_is_a_helper() throws IOException {
    platform.helpers.add("nfs4");
    Subject db = create("db", Map.of("type", "nfs4", "device", ":/x", "o", "addr=1.2.3.4"));

    mount(db);

    assertThat(platform.calls)
        .containsExactly("mount :/x:" + target("db") + ", data: addr=1.2.3.4");
  }

  @Test
  void a_password_is_not_given_to_a_helper() throws IOException {
    platform.helpers.add("glusterfs");
    Subject db = create("db", Map.of("type", "glusterfs", "device", "h:/x", "o", "password=pw"));

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("every user can read the arguments of mount.glusterfs")
        .hasMessageNotContaining("pw");
    assertThat(platform.calls).isEmpty();
  }

  @Test
  void a_size_is_a_limit_where_there_are_quotas() throws IOException {
    platform.quotas = true;
    Subject db = create("db", Map.of("size", "1m"));

    assertThat(platform.calls).singleElement().asString().matches("limit .*/db/_data 1048576");
    platform.calls.clear();
    remove(db);
    assertThat(platform.calls).containsExactly("unlimit " + target("db"));
  }

  @Test
  void a_limit_is_changed() throws IOException {
    platform.quotas = true;
    Subject db = create("db", Map.of("size", "1m"));
    platform.calls.clear();

    assertThat(resized(db, "2m").map()).containsEntry("size", "2097152");
    assertThat(platform.calls).containsExactly("limit " + target("db") + " 2097152");

    platform.faults().failAt(1);
    assertThatThrownBy(() -> resized(db, "3m"))
        .isInstanceOf(DriverFailed.class)
        .hasMessageStartingWith("resize db: cannot limit ")
        .hasMessageEndingWith(": operation not permitted");
    platform.quotas = false;
    assertThatThrownBy(() -> resized(db, "3m"))
        .hasMessage("resize db: size quota requested for volume but no quota support");
  }

  @Test
  void what_takes_the_place_of_limited_data_is_limited_before_it_is_filled() throws IOException {
    platform.quotas = true;
    Subject db = create("db", Map.of("size", "1m"));
    Subject free = create("free", Map.of());
    Path next = db.home().file("next");
    platform.calls.clear();

    open().limitSuccessor(free.volume(), free.home(), next, false);
    open().limitSuccessor(free.volume(), free.home(), next, true);
    assertThat(platform.calls).isEmpty();

    open().limitSuccessor(db.volume(), db.home(), next, false);
    open().limitSuccessor(db.volume(), db.home(), next, true);
    assertThat(platform.calls)
        .containsExactly(
            "limit " + next + " 1048576",
            "limit " + target("db") + " 1048576",
            "share limit of " + target("db") + " with " + next);

    platform.faults().failAt(2);
    assertThatThrownBy(() -> open().limitSuccessor(db.volume(), db.home(), next, true))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("restore db: cannot limit '%s': operation not permitted", next);
  }

  @Test
  void the_limit_of_a_tree_goes_with_it_and_of_all_trees_with_the_volume() throws IOException {
    platform.quotas = true;
    Subject db = create("db", Map.of("size", "1m"));
    Path previous = Files.createDirectory(db.home().file("restore-old"));
    Path linked = Files.createDirectory(db.home().file("linked"));
    open().limitSuccessor(db.volume(), db.home(), linked, true);
    platform.calls.removeIf(call -> !call.startsWith("share"));

    open().unlimit(db.volume(), db.home(), previous);
    open().unlimit(db.volume(), db.home(), linked);
    assertThat(platform.calls).contains("unlimit " + previous).doesNotContain("unlimit " + linked);

    platform.calls.clear();
    open().remove(db.volume(), db.home());
    assertThat(platform.calls)
        .contains("unlimit " + target("db"), "unlimit " + previous, "unlimit " + linked);
  }

  @Test
  void resizing_neither_sets_a_first_limit_nor_removes_one() throws IOException {
    platform.quotas = true;
    Subject free = create("free", Map.of());
    Subject mounted = create("mounted", Map.of("type", "xfs", "device", "/dev/sdb"));
    Subject limited = create("limited", Map.of("size", "1m"));
    platform.calls.clear();

    for (Subject subject : List.of(free, mounted)) {
      assertThatThrownBy(() -> resized(subject, "2m"))
          .isInstanceOf(NotSupported.class)
          .hasMessageContaining("it has no size limit to change");
    }
    assertThatThrownBy(() -> resized(limited, "0"))
        .isInstanceOf(NotSupported.class)
        .hasMessage("resize limited: a size limit must be greater than 0");
    assertThat(platform.calls).isEmpty();
  }

  private Options resized(Subject subject, String size) {
    return ((Resizes) open())
        .resize(subject.volume(), subject.home(), Size.parseBinary(size), Secrets.NONE);
  }

  @Test
  void a_size_is_refused_where_there_are_no_quotas() {
    assertThatThrownBy(() -> create("db", Map.of("size", "1m")))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create db: quota size requested but no quota support");
  }

  @Test
  void a_size_beside_a_mount_is_refused_even_where_there_are_quotas() {
    platform.quotas = true;

    assertThatThrownBy(
            () -> create("db", Map.of("type", "xfs", "device", "/dev/sdb", "size", "1m")))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create db: quota size requested but no quota support");
  }

  @Test
  void without_a_platform_nothing_can_be_mounted() throws IOException {
    Subject db = create("db");

    assertThatThrownBy(
            () ->
                LocalDriver.directoriesOnly()
                    .open(new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}))
                    .unmount(db.volume(), db.home()))
        .isInstanceOf(DriverUnavailable.class);
  }
}
