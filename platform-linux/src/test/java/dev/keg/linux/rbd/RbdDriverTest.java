package dev.keg.linux.rbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.Clones;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.Faults;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.linux.SnapshotDriverContract;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a driver for Linux")
final class RbdDriverTest extends SnapshotDriverContract {
  private final FakeRbd cluster = new FakeRbd();

  @BeforeEach
  void install() {
    fake.tools.programs.put("rbd", cluster);
  }

  @AfterEach
  void only_what_is_mounted_is_mapped() {
    assertThat(fake.mounts.mounts())
        .extracting(mount -> mount.source())
        .containsAll(cluster.mapped.values());
  }

  @Override
  protected DriverFactory factory() {
    return RbdDriver.factory(_ -> fake.kernel());
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("size", "64m");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of(
        "size", "1m",
        "fs", "vfat",
        "pool", "a/b",
        "namespace", "--all",
        "user", "a b",
        "conf", "ceph.conf",
        "o", "secret=AQD");
  }

  @Override
  protected boolean isMadeMounted() {
    return false;
  }

  private static String image(Subject subject) {
    return "rbd/keg-" + subject.volume().details().id().text();
  }

  @Test
  void an_image_is_made_with_a_file_system_and_named_after_the_id() throws IOException {
    Subject db = create("db");

    assertThat(cluster.images).containsExactly(Map.entry(image(db), "64M"));
    assertThat(cluster.mapped).isEmpty();
    assertThat(fake.journal)
        .contains(
            "rbd --id admin create --size 64M --no-progress " + image(db),
            "mkfs.ext4 -q -F -m 0 -E root_owner=0:0 /dev/rbd0",
            "rbd --id admin device unmap /dev/rbd0");
    assertThat(open().isOnServer(db.volume())).isTrue();
    remove(db);
    assertThat(cluster.images).isEmpty();
  }

  @Test
  void a_volume_is_mapped_by_one_host_and_mounted() throws IOException {
    Subject db = create("db");
    mount(db);

    assertThat(cluster.runs).contains("device map --exclusive " + image(db));
    assertThat(mountCalls())
        .containsSubsequence(
            "fsopen ext4",
            "fsconfig source=/dev/rbd0",
            "move_mount /dev/rbd0 ROOT/volumes/db/_data");
    assertThat(open().status(db.volume(), db.home()))
        .containsExactly(Map.entry("Device", "/dev/rbd0"), Map.entry("Image", image(db)));
    unmount(db);
    assertThat(cluster.mapped).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pool=fast | --id admin device map --exclusive fast/keg-",
        "namespace=team | --id admin device map --exclusive rbd/team/keg-",
        "user=keg | --id keg device map --exclusive rbd/keg-",
        "conf=/etc/ceph/two.conf | --id admin --conf /etc/ceph/two.conf device map --exclusive"
            + " rbd/",
        "o=noudev | --id admin device unmap --options noudev /dev/rbd0",
        "o=lock_timeout=30,ro | --id admin device map --exclusive --options lock_timeout=30,ro"
            + " rbd/",
      })
  void options_become_those_of_rbd(String option, String wanted) throws IOException {
    Subject db = create("db", withOption(option));
    mount(db);

    unmount(db);
    assertThat(fake.journal).anyMatch(call -> call.startsWith("rbd " + wanted));
    assertThat(cluster.mapped).as("found in the list of devices").isEmpty();
  }

  @Test
  void it_grows_while_it_is_not_mounted_and_never_shrinks() throws IOException {
    Subject db = create("db");
    Resizes driver = (Resizes) open();
    Options larger = driver.resize(db.volume(), db.home(), Size.parseBinary("128m"), Secrets.NONE);

    assertThat(larger.map()).containsEntry("size", Long.toString(128 << 20));
    assertThat(cluster.images).containsValue("128M");
    assertThat(cluster.mapped).isEmpty();
    assertThat(fake.journal).contains("resize2fs /dev/rbd0");
    assertThatThrownBy(
            () -> driver.resize(db.volume(), db.home(), Size.parseBinary("32m"), Secrets.NONE))
        .hasMessageContaining("cannot shrink");
    mount(db);
    assertThatThrownBy(
            () -> driver.resize(db.volume(), db.home(), Size.parseBinary("256m"), Secrets.NONE))
        .isInstanceOf(NotSupported.class)
        .hasMessageContaining("unmount it first");
    unmount(db);
  }

  @Test
  void a_resize_that_fails_or_is_killed_anywhere_is_completed_by_the_next() throws IOException {
    Subject db = create("db");
    Size size = Size.parseBinary("128m");
    for (boolean kills : List.of(false, true)) {
      boolean fired = true;
      for (int call = 1; fired; call++) {
        assertThat(call).isLessThan(ENDLESS);
        fired = interrupted(db, size, call, kills);
        unmount(db); // a killed command's mount may be in use
        var _ = ((Resizes) open()).resize(db.volume(), db.home(), size, Secrets.NONE);
        assertThat(fake.standing()).isEmpty();
        assertThat(cluster.mapped).isEmpty();
      }
    }
  }

  private boolean interrupted(Subject db, Size size, int call, boolean kills) {
    if (kills) {
      fake.faults().killAt(call);
    } else {
      fake.faults().failAt(call);
    }
    try {
      var _ = ((Resizes) open()).resize(db.volume(), db.home(), size, Secrets.NONE);
    } catch (DriverFailed | Faults.Killed _) {
      // as requested
    }
    boolean fired = fake.faults().fired();
    fake.faults().heal();
    return fired;
  }

  @Test
  void an_image_that_another_host_has_is_not_mounted() throws IOException {
    Subject db = create("db");
    fake.tools.programs.put(
        "rbd",
        tool -> {
          if (tool.arguments().contains("map")) {
            throw ToolException.failed(tool, 30, "rbd: map failed: (30) Read-only file system");
          }
          return cluster.run(tool);
        });

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessageStartingWith("mount db: cannot map image " + image(db) + ": rbd: map failed")
        .satisfies(
            e ->
                assertThat(((DriverFailed) e).hint())
                    .hasValueSatisfying(hint -> assertThat(hint).contains("rbd status")));
  }

  @Test
  void an_image_whose_file_system_cannot_be_made_is_removed() {
    fake.tools.missing.add("mkfs.ext4");

    assertThatThrownBy(() -> create("db")).isInstanceOf(DriverFailed.class);
    assertThat(cluster.images).isEmpty();
    assertThat(cluster.mapped).isEmpty();
  }

  @Test
  void a_key_among_the_options_is_refused_and_not_repeated() {
    assertThatThrownBy(() -> create("db", with("o", "noudev,secret=xyzzy")))
        .isInstanceOf(InvalidOption.class)
        .hasMessageNotContaining("xyzzy");
  }

  @Test
  void a_cluster_that_does_not_answer_is_given_up() {
    fake.tools.programs.put(
        "rbd",
        tool -> {
          throw ToolException.tooSlow(tool, tool.limit());
        });

    assertThatThrownBy(() -> create("db"))
        .satisfies(e -> assertThat(((DriverFailed) e).hint().orElse("")).contains("ceph -s"));
  }

  @Test
  void a_volume_that_cannot_be_published_leaves_no_image() throws IOException {
    Subject db = create("db");

    open().takeBack(db.volume(), db.home());

    assertThat(cluster.images).isEmpty();
  }

  /** Its status is the same as for a missing image. */
  @Test
  void an_image_is_not_taken_for_removed_by_a_program_that_asked_no_cluster() throws IOException {
    Subject db = create("db");
    fake.tools.programs.put(
        "rbd",
        tool -> {
          if (tool.arguments().contains("remove") || tool.arguments().contains("info")) {
            throw ToolException.failed(
                tool, 2, "rbd: couldn't connect to the cluster!\nauth: no keyring found");
          }
          return cluster.run(tool);
        });

    assertThatThrownBy(() -> remove(db)).isInstanceOf(DriverFailed.class);
    install();
    remove(db);
    remove(db);
    assertThat(cluster.images).isEmpty();
  }

  @Test
  void others_that_write_to_the_image_give_this_host_no_devices_or_rights() throws IOException {
    Subject db = create("db");
    mount(db);

    assertThat(mountCalls()).anyMatch(call -> call.startsWith("fsmount nosuid,nodev"));
    unmount(db);
  }

  @Test
  void a_snapshot_is_kept_by_the_cluster_and_gone_when_it_is_discarded() throws IOException {
    Subject db = create("db");
    VolumeHome home = snapshotHome(db);
    snapshots().snapshot(db.volume(), db.home(), home);

    assertThat(cluster.snapshots).containsExactly(image(db) + "@keg-one");
    assertThat(snapshots().areOnServer(db.volume())).isTrue();
    snapshots().discard(db.volume(), home);
    snapshots().discard(db.volume(), home);
    assertThat(cluster.snapshots).isEmpty();
  }

  @Test
  void a_snapshot_that_others_still_have_mounted_stays_mapped_until_it_is_discarded()
      throws IOException {
    Subject db = create("db");
    VolumeHome home = snapshotHome(db);
    snapshots().snapshot(db.volume(), db.home(), home);
    MountRequest request = new MountRequest(db.volume(), home, optionsOf(db.volume()), secrets());
    cluster.busy = true;
    snapshots().show(request).close();
    snapshots().show(request).close();

    assertThat(cluster.mapped).containsOnlyKeys(image(db) + "@keg-one");
    cluster.busy = false;
    snapshots().discard(db.volume(), home);
    assertThat(cluster.mapped).isEmpty();
  }

  @Test
  void clones_share_data_until_what_they_share_it_with_is_removed() throws IOException {
    Subject db = create("db");
    VolumeHome home = snapshotHome(db);
    snapshots().snapshot(db.volume(), db.home(), home);
    Subject copy = clone("copy", db, db.home());
    Subject then = clone("then", db, home);

    assertThat(cluster.parents)
        .containsEntry(image(then), image(db) + "@keg-one")
        .containsEntry(image(copy), image(db) + "@keg-clone-" + image(copy).substring(4));
    assertThat(fake.journal).contains("tune2fs -O metadata_csum_seed -U random /dev/rbd0");
    remove(copy);
    assertThat(cluster.snapshots).containsExactly(image(db) + "@keg-one");
    snapshots().discard(db.volume(), home);
    remove(db);
    assertThat(cluster.images).containsOnlyKeys(image(then));
    assertThat(cluster.parents).isEmpty();
    assertThat(cluster.snapshots).isEmpty();
  }

  @Test
  void an_image_with_a_snapshot_of_another_host_stays() throws IOException {
    Subject db = create("db");
    cluster.snapshots.add(image(db) + "@keg-of-another-host");

    assertThatThrownBy(() -> remove(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("keg-of-another-host");
    assertThat(cluster.images).containsOnlyKeys(image(db));
    assertThat(cluster.snapshots).hasSize(1);
    cluster.snapshots.clear();
    remove(db);
  }

  @Test
  void an_image_that_another_host_has_made_under_the_same_id_is_not_removed() throws IOException {
    Subject db = create("db");
    VolumeHome home = new VolumeHome(Files.createDirectory(root.resolve("staging/twin")));
    CreateRequest twin =
        new CreateRequest(db.volume(), home, optionsOf(db.volume()), Ownership.DEFAULT, secrets());

    assertThatThrownBy(() -> open().create(twin)).hasMessageContaining("File exists");
    open().takeBack(db.volume(), home);
    assertThat(cluster.images).containsOnlyKeys(image(db));
    delete(home.path());
  }

  private Subject clone(String name, Subject source, VolumeHome from) throws IOException {
    Volume volume = volume(name, options());
    VolumeHome home = new VolumeHome(Files.createDirectory(root.resolve("volumes").resolve(name)));
    ((Clones) open())
        .cloneFrom(
            source.volume(),
            from,
            new CreateRequest(volume, home, optionsOf(volume), Ownership.DEFAULT, secrets()));
    return new Subject(volume, home);
  }

  @Test
  void a_clone_that_fails_or_is_killed_anywhere_leaves_nothing_in_the_cluster() throws IOException {
    Subject db = create("db");
    for (boolean kills : List.of(false, true)) {
      boolean fired = true;
      for (int call = 1; fired; call++) {
        assertThat(call).isLessThan(ENDLESS);
        fired = clonedUntil(db, call, kills);
        assertThat(cluster.images).containsOnlyKeys(image(db));
        assertThat(cluster.snapshots).isEmpty();
        assertThat(cluster.mapped).isEmpty();
      }
    }
  }

  private boolean clonedUntil(Subject db, int call, boolean kills) throws IOException {
    Volume volume = volume("copy", options());
    VolumeHome home = new VolumeHome(Files.createDirectory(root.resolve("staging/copy")));
    if (kills) {
      fake.faults().killAt(call);
    } else {
      fake.faults().failAt(call);
    }
    try {
      ((Clones) open())
          .cloneFrom(
              db.volume(),
              db.home(),
              new CreateRequest(volume, home, optionsOf(volume), Ownership.DEFAULT, secrets()));
    } catch (DriverFailed | Faults.Killed _) {
      // as requested
    }
    boolean fired = fake.faults().fired();
    fake.faults().heal();
    open().takeBack(volume, home);
    delete(home.path());
    return fired;
  }
}
