package dev.keg.linux.cephfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keg.driver.DriverFactory;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.Snapshots;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.linux.ClusterShareContract;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a driver for Linux")
final class CephFsDriverTest extends ClusterShareContract {
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
        "size",
        "0",
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

  private List<String> limits() {
    return mountCalls().stream().filter(call -> call.startsWith("setfattr ")).toList();
  }

  private Subject limited() throws IOException {
    return create("db", Map.of("path", "/db", "size", "1g"));
  }

  @Test
  void a_size_is_a_quota_of_the_directory_and_set_at_each_mount() throws IOException {
    Subject db = limited();
    mount(db);
    unmount(db);
    mount(db);

    assertThat(limits())
        .hasSize(2)
        .containsOnly("setfattr -n ceph.quota.max_bytes -v 1073741824 ROOT/volumes/db/_data");
    assertThat(open().storage(db.volume(), db.home()).capacity()).hasValue(Size.parseBinary("1g"));
  }

  @Test
  void what_cannot_be_limited_is_not_mounted() throws IOException {
    Subject db = limited();
    fake.tools.programs.put(
        "setfattr",
        tool -> {
          throw ToolException.failed(tool, 1, "setfattr: /x: Operation not permitted");
        });

    DriverFailed failure = catchThrowableOfType(DriverFailed.class, () -> mount(db));

    assertThat(failure).hasMessageStartingWith("mount db: cannot limit it to 1GiB: setfattr");
    assertThat(failure.hint()).get().asString().contains("capability p");
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void a_new_size_holds_at_once_where_it_is_mounted_and_else_at_the_next_mount()
      throws IOException {
    Subject db = limited();
    Size size = Size.parseBinary("2g");
    Options later = ((Resizes) open()).resize(db.volume(), db.home(), size, Secrets.NONE);

    assertThat(later.map()).containsEntry("size", "2147483648");
    assertThat(limits()).isEmpty();
    mount(db);
    var _ = ((Resizes) open()).resize(db.volume(), db.home(), size, Secrets.NONE);
    assertThat(limits()).last().asString().contains(" -v 2147483648 ");
  }

  /** The directories created in {@code .snap} stay empty here. */
  @Override
  protected void serve(String source, Path target) throws IOException {
    Files.createDirectories(target.resolve(".snap"));
    if (source.endsWith(":/")) {
      fill(target.resolve("db"));
      fill(target.resolve("db/.snap/keg-1f-one"));
      Files.createDirectories(target.resolve("taken"));
    } else if (target.toString().contains("snapshots")) {
      Files.createDirectories(target.resolve(".snap/keg-1f-one"));
    }
  }

  @Test
  void a_snapshot_is_a_directory_that_the_cluster_fills() throws IOException {
    Subject db = db();
    mount(db);
    VolumeHome home = snapshotHome(db);
    snapshots().snapshot(db.volume(), db.home(), home);

    assertThat(db.home().data().resolve(".snap/keg-1f-one")).isDirectory();
    assertThat(snapshots().canBeMountedMeanwhile(db.volume())).isTrue();
    unmount(db);
    try (Snapshots.Shown shown = snapshots().show(showing(db, home))) {
      assertThat(shown.data()).asString().startsWith("/proc/self/fd/");
      assertThat(fake.standing()).isEmpty();
    }
    snapshots().discard(db.volume(), home);
    assertThat(home.data().resolve(".snap")).isEmptyDirectory();
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void a_clone_is_of_one_moment_or_of_a_snapshot() throws IOException {
    Subject db = db();
    VolumeHome home = snapshotHome(db);
    snapshots().snapshot(db.volume(), db.home(), home);

    assertThat(clone(db, home, "then").data().resolve("then/file")).hasContent("text");
    VolumeHome copy = clone(db, db.home(), "copy");
    assertThat(copy.data().resolve("copy")).as("nobody filled the snapshot").isEmptyDirectory();
    assertThat(names(copy.data().resolve("db/.snap"))).containsExactly("keg-1f-one");
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void what_a_killed_removal_of_a_snapshot_left_mounted_is_unmounted_by_the_next()
      throws IOException {
    Subject db = db();
    boolean fired = true;
    for (int call = 1; fired; call++) {
      assertThat(call).isLessThan(ENDLESS);
      VolumeHome home = snapshotHome(db);
      snapshots().snapshot(db.volume(), db.home(), home);
      fired = interrupted(() -> snapshots().discard(db.volume(), home), call, true);
      snapshots().discard(db.volume(), home);
      assertThat(fake.standing()).isEmpty();
      delete(db.home().data().resolve(".snap"));
      delete(home.path());
    }
  }

  @Test
  void a_snapshot_that_fails_or_is_killed_anywhere_is_discarded() throws IOException {
    Subject db = db();
    for (boolean kills : List.of(false, true)) {
      boolean fired = true;
      for (int call = 1; fired; call++) {
        assertThat(call).isLessThan(ENDLESS);
        VolumeHome home = snapshotHome(db);
        fired = interrupted(() -> snapshots().snapshot(db.volume(), db.home(), home), call, kills);
        snapshots().discard(db.volume(), home);
        unmount(db); // the remains of a killed command; the next command does the same
        assertThat(fake.standing()).isEmpty();
        delete(db.home().data().resolve(".snap"));
        delete(home.path());
      }
    }
  }
}
