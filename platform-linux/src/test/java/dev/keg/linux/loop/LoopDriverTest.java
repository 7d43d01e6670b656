package dev.keg.linux.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keg.driver.Clones;
import dev.keg.driver.Compacts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.Faults;
import dev.keg.driver.Freezes;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.VolumeDriver.Footprint;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.InvalidInput.InvalidSize;
import dev.keg.error.VolumeException;
import dev.keg.linux.SnapshotDriverContract;
import dev.keg.linux.driver.LoopDevices.LoopDevice;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.LoopSettings;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.registry.OtherProcess;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a driver for Linux")
final class LoopDriverTest extends SnapshotDriverContract {
  @Override
  protected DriverFactory factory() {
    return LoopDriver.factory(_ -> fake.kernel());
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
        "allocate", "later",
        "direct-io", "maybe",
        "noatime", "2",
        "iops", "0",
        "encrypted", "perhaps",
        "key-file", "/etc/key");
  }

  private List<String> tools() {
    return fake.journal.stream()
        .filter(
            call -> call.matches("(mkfs|debugfs|xfs|btrfs|resize2fs|e2fsck|tune2fs|cp|fstrim).*"))
        .map(call -> call.replace(root.toString(), "ROOT"))
        .toList();
  }

  @Test
  void the_image_is_made_in_the_home_and_is_sparse() throws IOException {
    Subject db = create("db");

    assertThat(db.home().file("disk.img")).hasSize(64 << 20);
    assertThat(fake.journal).contains("ftruncate 67108864");
    assertThat(tools())
        .containsExactly(
            "mkfs.ext4 -q -F -m 0 -E root_owner=0:0 ROOT/staging/db/disk.img",
            "debugfs -w -f - ROOT/staging/db/disk.img");
    assertThat(fake.tools.inputs).contains("rmdir lost+found\n");
  }

  @Test
  void it_is_mounted_through_a_loop_device() throws IOException {
    mount(create("db", with("noatime", "true")));

    assertThat(mountCalls())
        .containsSubsequence(
            "LOOP_CTL_GET_FREE",
            "LOOP_CONFIGURE ROOT/volumes/db/disk.img LoopSettings[readOnly=false, autoclear=true,"
                + " directIo=false, blockSize=0, name=keg db,"
                + " window=Window[offset=0, length=0]]",
            "fsopen ext4",
            "fsconfig source=/dev/loop0",
            "fsconfig errors=remount-ro",
            "fsconfig create",
            "fsmount noatime",
            "move_mount /dev/loop0 ROOT/volumes/db/_data");
  }

  @Test
  void its_file_system_gets_the_label_of_selinux() throws IOException {
    mount(create("db", with("context", "system_u:object_r:container_file_t:s0")));

    assertThat(mountCalls()).contains("fsconfig context=system_u:object_r:container_file_t:s0");
  }

  @Test
  void a_full_image_has_all_its_blocks_and_keeps_them() throws IOException {
    create("db", with("allocate", "full", "fs", "btrfs", "size", "256m"));

    assertThat(fake.journal).contains("fallocate 268435456");
    assertThat(tools()).containsExactly("mkfs.btrfs -q -f -K ROOT/staging/db/disk.img");
  }

  @Test
  void the_owner_of_the_root_directory_is_set() throws IOException {
    Ownership ownership =
        new Ownership(OptionalLong.of(33), OptionalLong.empty(), OptionalInt.of(01777));
    for (String fs : List.of("ext4", "xfs")) {
      Path home = Files.createDirectory(root.resolve("staging").resolve(fs));
      var volume = volume(fs, with("fs", fs, "size", "512m"));
      open()
          .create(
              new CreateRequest(
                  volume,
                  new VolumeHome(home),
                  DriverOptions.of(volume.name(), volume.options(), LoopOptions.DESCRIPTORS),
                  ownership,
                  secrets()));
    }

    assertThat(tools())
        .contains(
            "mkfs.ext4 -q -F -m 0 -E root_owner=33:0" + " ROOT/staging/ext4/disk.img",
            "xfs_db -x -c sb 0 -c addr rootino -c write core.uid 33 -c write core.mode 041777"
                + " ROOT/staging/xfs/disk.img");
    assertThat(fake.tools.inputs).contains("rmdir lost+found\nset_inode_field / mode 041777\n");
  }

  @Test
  void many_small_writes_get_a_large_journal_and_go_around_the_page_cache() throws IOException {
    mount(create("db", with("iops", "5000", "size", "4g", "allocate", "sparse")));

    assertThat(tools()).anyMatch(call -> call.contains(" -J size=256 "));
    assertThat(mountCalls())
        .anyMatch(call -> call.contains("directIo=true"))
        .contains("fsmount noatime")
        .doesNotContain("fsconfig lazytime");
  }

  @Test
  void direct_io_is_optional_with_iops_and_mandatory_by_itself() throws IOException {
    fake.loops.canDirectIo = false;
    mount(create("wish", with("iops", "100", "allocate", "sparse")));
    Subject demand = create("demand", with("direct-io", "true"));

    assertThatThrownBy(() -> mount(demand))
        .isInstanceOf(DriverFailed.class)
        .hasMessage(
            "mount demand: cannot set up its device: invalid argument (its file system does"
                + " not support direct I/O)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1m   | ext4  | at least 2MiB for ext4
          299m | xfs   | at least 300MiB for xfs
          127m | btrfs | at least 128MiB for btrfs
          """)
  void an_image_that_is_too_small_is_refused(String size, String fs, String wanted) {
    assertThatThrownBy(() -> create("db", with("size", size, "fs", fs)))
        .hasMessage("create db: invalid size: '" + size + "'")
        .extracting(e -> ((VolumeException) e).hint().orElse(""))
        .isEqualTo("size requires " + wanted);
  }

  @Test
  void a_missing_program_names_its_package() {
    fake.tools.missing.add("mkfs.xfs");

    assertThatThrownBy(() -> create("db", with("fs", "xfs", "size", "1g")))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("create db: cannot create the file system xfs: mkfs.xfs is not installed")
        .extracting(e -> ((DriverFailed) e).hint().orElse(""))
        .asString()
        .endsWith("apt-get install xfsprogs");
  }

  @Test
  void a_full_pool_of_loop_devices_is_an_error() throws IOException {
    Subject db = create("db");
    fake.errno = Errno.ENOSPC;
    failAt("LOOP_CTL_GET_FREE", db);

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("(all loop devices are in use)");
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void a_loop_device_that_the_kernel_has_and_dev_has_not_is_an_error() throws IOException {
    Subject db = create("db");
    fake.errno = Errno.ENOENT;
    failAt("open /dev/loop0", db);

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessage(
            "mount db: cannot set up its device: no such file or directory (no free loop device;"
                + " create /dev/loop0 with mknod /dev/loop0 b 7 0)");
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void only_newer_kernels_distinguish_two_btrfs_file_systems_with_one_uuid() throws IOException {
    Subject db = create("db", with("fs", "btrfs", "size", "256m"));
    fake.errno = Errno.EEXIST;
    failAt("fsconfig create", db);

    assertThatThrownBy(() -> mount(db))
        .isInstanceOfSatisfying(
            DriverFailed.class,
            e -> assertThat(e.hint().orElseThrow()).contains("Linux 6.7 and newer can mount both"))
        .hasMessageContaining("a copy of it is mounted, which has the same UUID");
    assertThat(fake.standing()).isEmpty();
  }

  /** Makes this call fail during the next mount of the volume. */
  private void failAt(String call, Subject subject) {
    fake.journal.clear();
    mount(subject);
    int number = fake.journal.indexOf(call) + 1;
    unmount(subject);
    fake.faults().failAt(number);
  }

  @Test
  void a_mounted_volume_grows_from_the_outside_in() throws IOException {
    Subject db = create("db");
    mount(db);
    fake.journal.clear();

    Map<String, String> options =
        ((Resizes) open()).resize(db.volume(), db.home(), new Size(128 << 20), Secrets.NONE).map();

    assertThat(options).containsEntry("size", "134217728");
    assertThat(fake.journal)
        .containsSubsequence(
            "ftruncate 134217728", "LOOP_SET_CAPACITY /dev/loop0", "resize2fs /dev/loop0");
  }

  @Test
  void an_unmounted_volume_grows_and_shrinks() throws IOException {
    Subject db = create("db");
    Resizes driver = (Resizes) open();

    driver.resize(db.volume(), db.home(), new Size(128 << 20), Secrets.NONE).map();
    assertThat(db.home().file("disk.img")).hasSize(128 << 20);
    fake.journal.clear();
    driver.resize(db.volume(), db.home(), new Size(32 << 20), Secrets.NONE);

    assertThat(db.home().file("disk.img")).hasSize(32 << 20);
    assertThat(fake.journal)
        .map(call -> call.replace(root.toString(), "ROOT"))
        .containsSubsequence(
            "e2fsck -f -y ROOT/volumes/db/resizing/disk.img",
            "resize2fs ROOT/volumes/db/resizing/disk.img 32768K",
            "ftruncate 33554432");
    assertThat(db.home().file("resizing")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void btrfs_shrinks_mounted_and_its_image_is_cut_afterwards(boolean mounted) throws IOException {
    Subject db = create("db", with("fs", "btrfs", "size", "1g"));
    if (mounted) {
      mount(db);
    }
    SortedSet<String> before = fake.standing();
    fake.journal.clear();

    ((Resizes) open()).resize(db.volume(), db.home(), new Size(512 << 20), Secrets.NONE);

    assertThat(fake.journal)
        .map(call -> call.replace(root.toString(), "ROOT"))
        .containsSubsequence(
            "btrfs filesystem resize 536870912 ROOT/volumes/db/_data", "ftruncate 536870912");
    assertThat(fake.journal.contains("LOOP_SET_CAPACITY /dev/loop0")).isEqualTo(mounted);
    assertThat(db.home().file("disk.img")).hasSize(512 << 20);
    assertThat(fake.standing()).isEqualTo(before);
  }

  @Test
  void btrfs_that_cannot_shrink_keeps_its_image() throws IOException {
    Subject db = create("db", with("fs", "btrfs", "size", "1g"));
    fake.tools.programs.put(
        "btrfs",
        tool -> {
          throw ToolException.failed(tool, 1, "unable to resize: No space left on device");
        });

    assertThatThrownBy(
            () ->
                ((Resizes) open())
                    .resize(db.volume(), db.home(), new Size(512 << 20), Secrets.NONE))
        .hasMessageContaining("No space left on device");
    assertThat(db.home().file("disk.img")).hasSize(1 << 30);
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void a_volume_is_unchanged_wherever_shrinking_it_fails() throws IOException {
    Subject db = create("db");
    Path image = db.home().file("disk.img");
    long length = Files.size(image);
    for (int call = 1; ; call++) {
      fake.faults().killAt(call);
      boolean killed = false;
      try {
        ((Resizes) open()).resize(db.volume(), db.home(), new Size(32 << 20), Secrets.NONE);
      } catch (Faults.Killed _) {
        killed = true;
      }
      fake.faults().heal();
      if (!killed) {
        break;
      }
      assertThat(Files.size(image)).isIn(length, 32L << 20);
      mount(db);
      assertThat(db.home().file("resizing")).doesNotExist();
      unmount(db);
    }
    assertThat(image).hasSize(32 << 20);
  }

  @Test
  void a_volume_that_may_not_grow_mounted_grows_as_a_copy() throws IOException {
    Subject db = create("db");
    fake.tools.programs.put("resize2fs", LoopDriverTest::refusesMounted);

    ((Resizes) open()).resize(db.volume(), db.home(), new Size(128 << 20), Secrets.NONE);

    assertThat(tools()).contains("resize2fs ROOT/volumes/db/resizing/disk.img 131072K");
    assertThat(db.home().file("disk.img")).hasSize(128 << 20);
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void a_mounted_volume_that_may_not_grow_says_what_to_do() throws IOException {
    Subject db = create("db");
    mount(db);
    fake.tools.programs.put("resize2fs", LoopDriverTest::refusesMounted);

    assertThatThrownBy(
            () ->
                ((Resizes) open())
                    .resize(db.volume(), db.home(), new Size(128 << 20), Secrets.NONE))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("CAP_SYS_RESOURCE");
  }

  private static String refusesMounted(Tool tool) throws ToolException {
    if (tool.arguments().getFirst().startsWith("/dev/")) {
      throw ToolException.failed(tool, 1, "resize2fs: Permission denied to resize filesystem");
    }
    return "";
  }

  @Test
  void an_image_that_a_device_still_shows_is_not_replaced() throws Exception {
    Subject db = create("db");
    Path image = db.home().file("disk.img");
    try (LoopDevice _ =
        fake.kernel().loops().attach(image, new LoopSettings(false, true, false, 0, "hidden"))) {
      assertThatThrownBy(
              () ->
                  ((Resizes) open())
                      .resize(db.volume(), db.home(), new Size(32 << 20), Secrets.NONE))
          .isInstanceOf(DriverFailed.class)
          .hasMessage("resize db: cannot replace the image: /dev/loop0 still shows it");
    }
    assertThat(image).hasSize(64 << 20);
  }

  @Test
  void shrinking_without_room_for_a_copy_changes_nothing() throws IOException {
    Subject db = create("db");
    fake.tools.programs.put(
        "cp",
        tool -> {
          throw ToolException.failed(tool, 1, "cp: error writing: No space left on device");
        });

    DriverFailed failure =
        catchThrowableOfType(
            DriverFailed.class,
            () ->
                ((Resizes) open())
                    .resize(db.volume(), db.home(), new Size(32 << 20), Secrets.NONE));

    assertThat(failure).hasMessageContaining("No space left on device");
    assertThat(failure.hint().orElseThrow()).contains("free space beside");
    assertThat(db.home().file("disk.img")).hasSize(64 << 20);
    assertThat(db.home().file("resizing")).doesNotExist();
  }

  @Test
  void an_unmounted_volume_of_xfs_is_mounted_to_grow() throws IOException {
    Subject db = create("db", with("fs", "xfs", "size", "512m"));

    ((Resizes) open()).resize(db.volume(), db.home(), new Size(1 << 30), Secrets.NONE);

    assertThat(tools()).contains("xfs_growfs ROOT/volumes/db/_data");
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void free_space_on_a_volume_is_given_back_mounted_or_not() throws IOException {
    Subject db = create("db");

    ((Compacts) open()).compact(db.volume(), db.home());
    assertThat(tools()).contains("fstrim ROOT/volumes/db/_data");
    assertThat(fake.standing()).isEmpty();

    mount(db);
    var standing = fake.standing();
    ((Compacts) open()).compact(db.volume(), db.home());
    assertThat(fake.standing()).isEqualTo(standing);
    unmount(db);
  }

  @Test
  void a_volume_that_took_its_room_at_once_keeps_it() throws IOException {
    Subject db = create("db", with("allocate", "full"));

    assertThatThrownBy(() -> ((Compacts) open()).compact(db.volume(), db.home()))
        .isInstanceOf(NotSupported.class)
        .hasMessageContaining("allocate=full");
  }

  @Test
  void compacting_that_fails_leaves_nothing_mounted() throws IOException {
    Subject db = create("db");
    for (int call = 1; ; call++) {
      fake.faults().failAt(call);
      boolean failed = false;
      try {
        ((Compacts) open()).compact(db.volume(), db.home());
      } catch (VolumeException _) {
        failed = true;
      }
      fake.faults().heal();
      if (!failed) {
        return;
      }
      unmount(db);
      assertThat(fake.standing()).isEmpty();
    }
  }

  @Test
  void what_cannot_shrink_says_so() throws IOException {
    Subject mounted = create("mounted");
    mount(mounted);
    Subject xfs = create("xfs", with("fs", "xfs", "size", "1g"));
    Resizes driver = (Resizes) open();

    assertThatThrownBy(
            () -> driver.resize(mounted.volume(), mounted.home(), new Size(32 << 20), Secrets.NONE))
        .isInstanceOf(NotSupported.class)
        .hasMessage("resize mounted: it is mounted and can only grow; unmount it first");
    assertThatThrownBy(
            () -> driver.resize(xfs.volume(), xfs.home(), new Size(512 << 20), Secrets.NONE))
        .isInstanceOf(NotSupported.class)
        .hasMessageContaining("xfs cannot shrink");
    assertThatThrownBy(
            () -> driver.resize(xfs.volume(), xfs.home(), new Size(1 << 20), Secrets.NONE))
        .isInstanceOf(InvalidSize.class)
        .hasMessage("resize xfs: xfs needs at least 300MiB");
    Subject btrfs = create("btrfs", with("fs", "btrfs", "size", "512m"));
    assertThatThrownBy(
            () -> driver.resize(btrfs.volume(), btrfs.home(), new Size(200 << 20), Secrets.NONE))
        .isInstanceOf(InvalidSize.class)
        .hasMessage("resize btrfs: btrfs needs at least 256MiB");
  }

  @Test
  void a_mounted_volume_is_frozen_while_it_is_cloned() throws IOException {
    Subject db = create("db");
    mount(db);
    fake.journal.clear();
    Path home = Files.createDirectory(root.resolve("staging").resolve("copy"));
    var copy = volume("copy", options());

    ((Clones) open())
        .cloneFrom(
            db.volume(),
            db.home(),
            new CreateRequest(
                copy,
                new VolumeHome(home),
                DriverOptions.of(copy.name(), copy.options(), LoopOptions.DESCRIPTORS),
                Ownership.DEFAULT,
                secrets()));

    assertThat(fake.journal)
        .map(call -> call.replace(root.toString(), "ROOT"))
        .containsSubsequence(
            "sync --file-system ROOT/volumes/db/_data",
            "FIFREEZE ROOT/volumes/db/_data",
            "cp --reflink=auto --sparse=auto -- ROOT/volumes/db/disk.img"
                + " ROOT/staging/copy/disk.img",
            "FITHAW ROOT/volumes/db/_data",
            "e2fsck -p ROOT/staging/copy/disk.img",
            "tune2fs -O metadata_csum_seed -U random ROOT/staging/copy/disk.img");
    assertThat(home.resolve("_data")).isDirectory();
  }

  @Test
  void a_volume_that_a_killed_process_left_frozen_can_be_frozen_and_thawed() throws IOException {
    Subject db = create("db");
    mount(db);
    fake.errno = Errno.EBUSY;
    fake.faults().failAt(4);

    try (Freezes.Frozen _ = ((Freezes) open()).freeze(db.volume(), db.home())) {
      assertThat(fake.journal).last().asString().startsWith("FIFREEZE");
    }
    assertThat(fake.journal).last().asString().startsWith("FITHAW");
  }

  /** Another process: has wanted the volume frozen for three seconds, until its input ends. */
  static final class Freezer {
    private Freezer() {}

    public static void main(String[] args) throws IOException {
      try (FreezeLock lock = FreezeLock.open(new VolumeHome(Path.of(args[0])))) {
        boolean others = lock.share();
        lock.begin(Instant.now().minusSeconds(3));
        System.out.println(others ? "others" : "locked");
        System.in.read();
      }
    }
  }

  @Test
  void several_processes_freeze_a_volume_from_the_first_freeze_to_the_last_thaw() throws Exception {
    Duration earlier = Duration.ofSeconds(3);
    Subject db = create("db");
    mount(db);
    fake.errno = Errno.EBUSY;
    Process other = OtherProcess.holder(Freezer.class, db.home().path());
    try {
      fake.faults().failAt(2);
      try (Freezes.Frozen frozen = ((Freezes) open()).freeze(db.volume(), db.home())) {
        assertThat(frozen.waited()).isGreaterThanOrEqualTo(earlier);
      }
      assertThat(fake.journal).noneMatch(call -> call.startsWith("FITHAW"));
    } finally {
      other.destroyForcibly().waitFor();
    }

    fake.faults().failAt(4);
    try (Freezes.Frozen frozen = ((Freezes) open()).freeze(db.volume(), db.home())) {
      assertThat(frozen.waited()).isLessThan(earlier);
    }
    assertThat(fake.journal).last().asString().startsWith("FITHAW");
  }

  /** Another process that left meanwhile relied on this one to thaw. */
  @Test
  void a_volume_that_cannot_be_frozen_is_not_left_frozen() throws IOException {
    Subject db = create("db");
    mount(db);
    Freezes driver = (Freezes) open();
    fake.journal.clear();
    fake.faults().failAt(4);

    assertThatThrownBy(() -> driver.freeze(db.volume(), db.home()))
        .hasMessageStartingWith("freeze db: cannot freeze the file system: ");
    assertThat(fake.journal)
        .map(call -> call.split(" ", -1)[0])
        .containsExactly("open", "FITHAW", "sync", "FIFREEZE", "FITHAW");
    assertThat(fake.tools.companions).isEmpty();
  }

  @Test
  void a_volume_that_cannot_be_thawed_keeps_the_process_that_watches_over_it() throws IOException {
    Subject db = create("db");
    mount(db);
    Freezes.Frozen frozen = ((Freezes) open()).freeze(db.volume(), db.home());
    fake.faults().failAt(1);

    assertThatThrownBy(frozen::close)
        .hasMessageStartingWith("freeze db: cannot thaw the file system: ");
    assertThat(fake.tools.companions).hasSize(1);
  }

  @Test
  void a_process_watches_over_a_frozen_volume() throws IOException {
    Subject db = create("db");
    mount(db);

    try (Freezes.Frozen _ = ((Freezes) open()).freeze(db.volume(), db.home())) {
      assertThat(fake.tools.companions)
          .singleElement()
          .asString()
          .startsWith("setsid sh -c ")
          .endsWith(" keg-thaw %s %s".formatted(db.home().path(), db.home().data()));
    }
    assertThat(fake.tools.companions).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "setsid,util-linux",
    "sh,dash",
    "flock,util-linux",
    "cat,coreutils",
    "fsfreeze,util-linux"
  })
  void a_volume_is_not_frozen_without_a_process_that_watches_over_it(
      String program, String debianPackage) throws IOException {
    Subject db = create("db");
    mount(db);
    Freezes driver = (Freezes) open();
    fake.tools.missing.add(program);

    assertThatThrownBy(() -> driver.freeze(db.volume(), db.home()))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("freeze db: cannot freeze the file system: " + program + " is not installed")
        .extracting(e -> ((DriverFailed) e).hint().orElse(""))
        .asString()
        .endsWith("apt-get install " + debianPackage);
    assertThat(fake.journal).noneMatch(call -> call.contains("FREEZE"));
  }

  @Test
  void a_volume_is_not_frozen_to_find_out_that_it_cannot_be_copied() throws IOException {
    Subject db = create("db");
    mount(db);
    fake.journal.clear();
    fake.tools.programs.put(
        "cp",
        tool -> {
          throw ToolException.failed(tool, 1, "Operation not supported");
        });

    assertThat(copyWithinSeconds(db)).isEmpty();
    assertThat(fake.journal).noneMatch(call -> call.contains("FREEZE"));
  }

  private Optional<Freezes.Copy> copyWithinSeconds(Subject subject) {
    return ((Freezes) open()).copy(subject.volume(), subject.home(), Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource({"1,false", "2,true"})
  void a_copy_that_exceeds_the_limit_is_given_up_and_the_volume_is_thawed(
      int slow, boolean isFrozen) throws IOException {
    Subject db = create("db");
    mount(db);
    fake.journal.clear();
    List<Duration> limits = new ArrayList<>();
    fake.tools.programs.put(
        "cp",
        tool -> {
          limits.add(tool.limit());
          if (limits.size() == slow) {
            throw ToolException.tooSlow(tool, tool.limit());
          }
          return "";
        });

    assertThat(copyWithinSeconds(db)).isEmpty();

    assertThat(limits).hasSize(slow).allMatch(limit -> limit.compareTo(Duration.ofSeconds(5)) <= 0);
    assertThat(
            fake.journal.stream()
                .map(call -> call.split(" ", -1)[0])
                .filter(call -> call.equals("FIFREEZE") || call.equals("FITHAW")))
        .containsExactlyElementsOf(isFrozen ? List.of("FITHAW", "FIFREEZE", "FITHAW") : List.of());
    assertThat(db.home().file("frozen.img")).doesNotExist();
  }

  @Test
  void unmounting_thaws_what_a_killed_process_left_frozen() throws IOException {
    Subject db = create("db");
    mount(db);
    fake.journal.clear();

    open().unmount(db.volume(), db.home());

    assertThat(fake.journal)
        .map(call -> call.split(" ", -1)[0])
        .containsSubsequence("FITHAW", "umount2");
  }

  @Test
  void an_unmounted_volume_is_still_anyway() throws IOException {
    Subject db = create("db");
    fake.journal.clear();

    ((Freezes) open()).freeze(db.volume(), db.home()).close();

    assertThat(fake.journal).noneMatch(call -> call.contains("FREEZE"));
  }

  @Test
  void its_size_is_known_while_it_is_not_mounted() throws IOException {
    Subject db = create("db");

    assertThat(open().footprint(db.volume(), db.home()))
        .isEqualTo(new Footprint.Image(new Size(64 << 20)));
    assertThat(open().status(db.volume(), db.home())).containsEntry("Allocated", "64MiB");
  }
}
