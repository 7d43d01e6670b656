package dev.keg.windows.vhdx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.disk.BlankDisk;
import dev.keg.disk.Disk;
import dev.keg.disk.DiskChain;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.disk.DiskWriter;
import dev.keg.driver.Adopts;
import dev.keg.driver.ClosesFiles;
import dev.keg.driver.Compacts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverContract;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.FakeWorld;
import dev.keg.driver.Faults;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Renders;
import dev.keg.driver.Renders.MachineDisk;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.error.VolumeException;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.windows.win32.FakeWindows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VhdxDriverTest extends DriverContract {
  private FakeWindows windows;

  @BeforeEach
  void windows(@TempDir Path contents) {
    windows = new FakeWindows(contents);
  }

  @Override
  protected DriverFactory factory() {
    return VhdxDriver.factory(() -> windows);
  }

  @Override
  protected FakeWorld world() {
    return windows;
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("size", "64m");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of(
        "size", "5m", "type", "floppy", "fs", "ext4", "persistent", "false", "parent", "nothing");
  }

  @Test
  void it_is_a_dynamic_disk_with_ntfs_unless_told_otherwise() throws IOException {
    Subject db = create("db");
    mount(db);

    assertThat(Disk.of(disk(db)).kind()).isEqualTo(DiskKind.DYNAMIC);
    assertThat(windows.fileSystem(disk(db))).isEqualTo("NTFS " + (62L << 20));
    assertThat(windows.calls())
        .anyMatch(call -> call.contains("D:P(A;OICI;FA;;;OW)(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)"));
    unmount(db);
  }

  @ParameterizedTest
  @CsvSource({
    "ntfs,  NTFS",
    "refs,  ReFS",
    "fat32, FAT32",
    "exfat, exFAT",
  })
  void it_is_formatted_as_asked(String fs, String windowsName) throws IOException {
    Subject db = create("db", Map.of("size", "4g", "fs", fs));
    mount(db);

    assertThat(windows.fileSystem(disk(db))).startsWith(windowsName + " ");
    unmount(db);
  }

  @Test
  void several_options_may_stand_in_one() throws IOException {
    Subject db = create("db", Map.of("size", "3G,fs=refs,persistent=true,type=fixed"));
    mount(db);

    assertThat(Disk.of(disk(db)).kind()).isEqualTo(DiskKind.FIXED);
    assertThat(Disk.of(disk(db)).size()).isEqualTo(Size.parseBinary("3g"));
    assertThat(windows.fileSystem(disk(db))).startsWith("ReFS ");
    unmount(db);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "size | 1G,size=2G | invalid size: '1G,size=2G' | one value, not '1G' and '2G'",
        "size | 65t | invalid size: '65t' | a vhdx disk holds at most 64TiB",
        "size | 1m | invalid size: '1m' | at least 16MiB for ntfs",
        "size | 40g,fs=fat32 | invalid size: '40g' | at most 32GiB for fat32",
        "parent | base,type=fixed | invalid parent: 'base' | type=differencing",
        "parent | base,fs=ntfs | invalid fs: 'ntfs' | a differencing disk has its parent's",
        "parent | base,size=1g | invalid size: '1g' | a differencing disk has its parent's",
        "block-size | 3m | invalid block-size: '3m' | up to 256m",
        "block-size | 512m | invalid block-size: '512m' | up to 256m",
        "type | fixed,block-size=1m | invalid block-size: '1m' | for a dynamic disk",
        "sector-size | 1024 | invalid sector-size: '1024' | 512",
        "integrity | true | invalid integrity: 'true' | fs=refs",
        "parent | base,block-size=1m | invalid block-size: '1m' | a differencing disk",
        "grant | anna | invalid grant: 'anna' | an account and a right",
        "grant | anna:write | invalid grant: 'anna:write' | an account and a right",
        "fs | exfat,grant=anna:rw | invalid grant: 'anna:rw' | a disk with ntfs or refs",
        "parent | base,owner=anna | invalid owner: 'anna' | a differencing disk has its parent's",
        "type | differencing | missing required option: \"parent\" | ''",
        "parent | missing | invalid parent: 'missing' | a volume of driver vhdx or the path",
      })
  void what_cannot_be_created_is_refused_with_a_hint(
      String key, String value, String told, String hint) {
    Volume volume = volume("db", Map.of(key, value));

    assertThatThrownBy(
            () ->
                open()
                    .validate(
                        DriverOptions.of(volume.name(), volume.options(), factory().options())))
        .isInstanceOfSatisfying(
            InvalidOption.class,
            e -> {
              assertThat(e).hasMessageContaining(told);
              assertThat(e.hint().orElse("")).contains(hint);
            });
  }

  @Test
  void others_are_granted_what_the_options_say() throws IOException {
    Subject db =
        create(
            "db",
            Map.of(
                "size",
                "64m",
                "grant",
                "OFFICE\\anna:rw,Everyone:read,S-1-5-32-545:FULL",
                "owner",
                "bob"));

    assertThat(windows.calls())
        .containsSubsequence("LookupAccountName bob", "CreateVirtualDisk disk.vhdx flags 0")
        .anyMatch(
            call ->
                call.startsWith("SetNamedSecurityInfo \\\\?\\Volume")
                    && call.endsWith(
                        "O:S-1-5-21-3D:P(A;OICI;FA;;;OW)(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)"
                            + "(A;OICI;0x1301bf;;;S-1-5-21-11)(A;OICI;0x1200a9;;;S-1-5-21-8)"
                            + "(A;OICI;FA;;;S-1-5-32-545)"))
        .anyMatch(call -> call.startsWith("SetOwner \\\\?\\Volume"));
    remove(db);
  }

  @Test
  void an_account_that_is_unknown_is_noticed_before_the_disk_is_made() {
    assertThatThrownBy(() -> create("db", Map.of("size", "64m", "grant", "nobody:rw")))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("create db: LookupAccountName nobody: no such user or group");
    assertThat(windows.calls()).noneMatch(call -> call.startsWith("CreateVirtualDisk"));
  }

  @Test
  void owner_and_mode_are_refused() {
    Volume volume = volume("db", options());
    var ownership = new Ownership(OptionalLong.empty(), OptionalLong.empty(), OptionalInt.of(0700));
    var request =
        new CreateRequest(
            volume,
            new VolumeHome(root),
            DriverOptions.of(volume.name(), volume.options(), factory().options()),
            ownership,
            Secrets.NONE);

    assertThatThrownBy(() -> open().create(request)).isInstanceOf(NotSupported.class);
    assertThat(windows.calls()).isEmpty();
  }

  @Test
  void the_data_is_there_again_after_each_mount_and_only_then() throws IOException {
    Subject db = create("db");
    Files.writeString(mount(db).resolve("table"), "rows");
    unmount(db);
    assertThat(db.home().data()).isEmptyDirectory();

    assertThat(mount(db).resolve("table")).hasContent("rows");
    unmount(db);
  }

  @Test
  void a_disk_stays_attached_when_the_command_ends_but_not_over_a_restart() throws IOException {
    Subject db = create("db");
    Files.writeString(mount(db).resolve("table"), "rows");
    assertThat(windows.standing()).contains("attached " + disk(db));

    windows.reboot();

    assertThat(mount(db).resolve("table")).hasContent("rows");
    unmount(db);
    assertThat(windows.standing()).isEmpty();
  }

  @Test
  void a_create_killed_anywhere_leaves_nothing_but_files() throws IOException {
    for (int call = 1; ; call++) {
      windows.faults().killAt(call);
      boolean killed = false;
      try {
        create("db" + call);
      } catch (Faults.Killed _) {
        killed = true;
      }
      windows.faults().heal();
      assertThat(windows.standing()).as("killed at %d", call).isEmpty();
      if (!killed) {
        return;
      }
    }
  }

  @Test
  void open_files_keep_it_mounted() throws IOException {
    Subject db = create("db");
    mount(db);
    windows.busy(disk(db), true);

    assertThatThrownBy(() -> unmount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessageStartingWith("unmount db: lock ")
        .satisfies(e -> assertThat(hint(e)).contains("close the programs that have files open"));
    assertThat(windows.standing()).hasSize(2);

    windows.busy(disk(db), false);
    unmount(db);
    assertThat(windows.standing()).isEmpty();
  }

  @Test
  void open_files_are_closed_only_by_force() throws IOException {
    Subject db = create("db");
    closeAndUnmount(db);
    mount(db);
    windows.busy(disk(db), true);
    windows.reopened(disk(db), 2);
    int before = windows.calls().size();

    closeAndUnmount(db);

    List<String> calls = windows.calls().subList(before, windows.calls().size());
    assertThat(calls)
        .containsSubsequence(
            "FlushFileBuffers", "DeviceIoControl 0x90020", "DeviceIoControl 0x90018");
    assertThat(windows.standing()).isEmpty();
  }

  private void closeAndUnmount(Subject subject) {
    ((ClosesFiles) open()).closeAndUnmount(subject.volume(), subject.home());
  }

  @Test
  void a_program_that_reads_a_file_for_a_moment_does_not_keep_it_mounted() throws IOException {
    Subject db = create("db");
    mount(db);
    windows.busyFor(disk(db), 3);

    unmount(db);

    assertThat(windows.standing()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3    | this Windows does not format with this file system",
        "7    | write protected",
        "8    | in use by another program",
        "0xC  | the file system does not allow the label",
        "0x12 | the disk is too small for the file system",
        "1    | Windows gives no reason",
      })
  void the_reason_of_a_failed_format_is_reported_in_words(String report, String words) {
    windows.formatReports(Integer.decode(report));

    assertThatThrownBy(() -> create("db"))
        .isInstanceOf(DriverFailed.class)
        .hasMessageStartingWith("create db: format ")
        .hasMessageEndingWith(": " + words);
  }

  @Test
  void without_the_right_to_attach_it_says_what_is_needed() {
    windows.elevated = false;

    assertThatThrownBy(() -> create("db"))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("create db: enable SeManageVolumePrivilege: a required privilege is not held")
        .satisfies(e -> assertThat(hint(e)).startsWith("run keg as administrator"));
  }

  @Test
  void a_child_begins_as_its_parent_and_goes_its_own_way() throws IOException {
    Subject base = create("base");
    Files.writeString(mount(base).resolve("system"), "v1");
    unmount(base);

    Subject child = create("child", Map.of("parent", "base"));
    Path data = mount(child);

    assertThat(data.resolve("system")).hasContent("v1");
    Files.writeString(data.resolve("system"), "v2");
    unmount(child);
    assertThat(mount(base).resolve("system")).hasContent("v1");
    unmount(base);
    assertThat(mount(child).resolve("system")).hasContent("v2");
    unmount(child);
  }

  @Test
  void a_parent_is_shown_read_only_so_that_its_children_stay_whole() throws IOException {
    Subject base = create("base");
    Subject child = create("child", Map.of("parent", "base"));

    mount(base);
    unmount(base);
    assertThat(windows.calls()).contains("AttachVirtualDisk flags 7");
    mount(child);
    unmount(child);

    remove(child);
    mount(base);
    assertThat(windows.calls().stream().filter(call -> call.endsWith("flags 6"))).hasSize(2);
    unmount(base);
  }

  @Test
  void for_readers_only_the_disk_is_attached_read_only() throws IOException {
    Subject db = create("db");
    MountRequest toRead =
        new MountRequest(
            db.volume(),
            db.home(),
            DriverOptions.of(db.volume().name(), db.volume().options(), factory().options()),
            Secrets.NONE,
            true);

    Path _ = open().mount(toRead);
    assertThat(windows.calls()).contains("AttachVirtualDisk flags 7");
    Path _ = open().mount(toRead);
    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("mount db: write to " + disk(db) + ": write protected")
        .satisfies(e -> assertThat(hint(e)).isEqualTo("unmount it where it is mounted read-only"));
    assertThat(windows.standing()).hasSize(2);
    unmount(db);

    mount(db);
    Path _ = open().mount(toRead);
    assertThat(windows.calls().stream().filter(call -> call.endsWith("flags 6"))).hasSize(1);
    unmount(db);
  }

  @Test
  void a_machine_gets_the_file_and_a_parent_only_to_read() throws IOException {
    Subject base = create("base");
    Subject child = create("child", Map.of("parent", "base"));

    assertThat(((Renders) open()).machineDisk(base.volume(), base.home()))
        .isEqualTo(new MachineDisk(disk(base), "vhdx", true));
    assertThat(((Renders) open()).machineDisk(child.volume(), child.home()))
        .isEqualTo(new MachineDisk(disk(child), "vhdx", false));
  }

  @Test
  void a_child_outlives_its_parent() throws IOException {
    Subject base = create("base");
    Subject child = create("child", Map.of("parent", "base"));
    Subject grandchild = create("grandchild", Map.of("parent", "child"));

    remove(base);
    remove(child);

    mount(grandchild);
    unmount(grandchild);
    assertThat(DiskChain.of(disk(grandchild)).links()).hasSize(3);
  }

  @Test
  void a_mounted_volume_cannot_become_a_parent() throws IOException {
    Subject base = create("base");
    mount(base);

    assertThatThrownBy(() -> create("child", Map.of("parent", "base")))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("create child: its parent is mounted: " + disk(base));
    unmount(base);
  }

  @Test
  void a_parent_that_was_written_to_is_noticed() throws IOException {
    Subject other = create("other");
    Path image = Files.copy(disk(other), root.resolve("image.vhdx"));
    Subject child = create("child", Map.of("parent", image.toString()));
    Files.delete(image);
    Files.copy(disk(create("third")), image);

    assertThatThrownBy(() -> mount(child))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("its parent was replaced or written");
    Files.delete(image);
    assertThatThrownBy(() -> mount(child)).hasMessageContaining("its parent is missing");
  }

  @Test
  void a_disk_that_is_there_becomes_a_volume_where_it_is() throws IOException {
    Path file = disk(create("other"));

    Subject db = adopt("db", file);
    Files.writeString(mount(db).resolve("table"), "rows");
    assertThat(machineDisk(db)).isEqualTo(new MachineDisk(file, "vhdx", false));
    assertThat(open().status(db.volume(), db.home())).containsEntry("disk", file.toString());
    assertThat(((Adopts) open()).elsewhere(db.volume(), db.home())).contains(file);
    unmount(db);
    remove(db);

    assertThat(windows.standing()).isEmpty();
    assertThat(mount(adopt("again", file)).resolve("table")).hasContent("rows");
    unmount(new Subject(volume("again", Map.of()), new VolumeHome(root.resolve("volumes/again"))));
  }

  @Test
  void a_vhd_is_adopted_too() throws IOException {
    Path file = root.resolve("Old disk.VHD");
    blank(file, DiskFormat.VHD);

    assertThat(machineDisk(adopt("old", file))).isEqualTo(new MachineDisk(file, "vhd", false));
  }

  @Test
  void what_windows_cannot_attach_is_not_adopted() throws IOException {
    Path wrong = root.resolve("disk.vhd");
    blank(wrong, DiskFormat.VHDX);
    Path raw = Files.write(root.resolve("disk.img"), new byte[4096]);

    assertThat(((Adopts) open()).optionsFor(root)).isEmpty();
    assertThatThrownBy(() -> adopt("db", wrong))
        .hasMessageEndingWith(
            "it is a vhdx disk, and Windows attaches it only if its name ends in .vhdx");
    assertThatThrownBy(() -> adopt("db", raw))
        .hasMessageEndingWith("Windows attaches vhdx and vhd, and this disk is raw");
  }

  @Test
  void an_adopted_disk_stays_as_it_is_while_others_are_built_on_it() throws IOException {
    Path file = disk(create("other"));
    Subject base = adopt("base", file);
    Subject byName = create("by-name", Map.of("parent", "base"));
    Subject byPath = create("by-path", Map.of("parent", file.toString()));

    assertThat(machineDisk(base)).isEqualTo(new MachineDisk(file, "vhdx", true));
    assertThat(((Adopts) open()).dependents(base.volume(), base.home()))
        .containsExactly(byName.volume().name(), byPath.volume().name());
    assertThat(((Renders) open()).foundations(byPath.volume(), byPath.home()))
        .containsExactly(file);
    assertThatThrownBy(() -> resize(base, "100m"))
        .hasMessage("resize base: other volumes are built on its disk");
    mount(base);
    unmount(base);
    assertThat(windows.calls()).contains("AttachVirtualDisk flags 7");

    remove(byName);
    remove(byPath);
    assertThat(machineDisk(base).readOnly()).isFalse();
  }

  private static void blank(Path file, DiskFormat format) throws IOException {
    new DiskWriter(UUID::randomUUID, Clock.systemUTC())
        .blank(file, new BlankDisk(format, DiskKind.DYNAMIC, Size.parseBinary("64m")));
  }

  private MachineDisk machineDisk(Subject subject) {
    return ((Renders) open()).machineDisk(subject.volume(), subject.home());
  }

  private Subject adopt(String name, Path file) throws IOException {
    Adopts driver = (Adopts) open();
    Volume volume = volume(name, driver.optionsFor(file).orElseThrow().map());
    VolumeHome home = new VolumeHome(Files.createDirectory(root.resolve("volumes/" + name)));
    DriverOptions options = DriverOptions.of(volume.name(), volume.options(), factory().options());
    driver.adopt(file, new CreateRequest(volume, home, options, Ownership.DEFAULT, Secrets.NONE));
    return new Subject(volume, home);
  }

  @Test
  void it_grows_with_its_file_system() throws IOException {
    Subject db = create("db");

    SortedMap<String, String> options = resize(db, "100m");

    assertThat(options).containsEntry("size", Long.toString(100L << 20));
    mount(db);
    assertThat(windows.fileSystem(disk(db))).isEqualTo("NTFS " + (98L << 20));
    assertThat(resize(db, "100m")).isEqualTo(options);
    unmount(db);
  }

  @Test
  void an_interrupted_growth_is_finished_by_the_next() throws IOException {
    for (int call = 1; ; call++) {
      Subject db = create("db" + call);
      windows.faults().failAt(call);
      boolean failed = false;
      try {
        resize(db, "100m");
      } catch (VolumeException _) {
        failed = true;
      }
      windows.faults().heal();
      resize(db, "100m");
      mount(db);
      assertThat(windows.fileSystem(disk(db))).isEqualTo("NTFS " + (98L << 20));
      unmount(db);
      assertThat(windows.standing()).isEmpty();
      if (!failed) {
        return;
      }
    }
  }

  /** An existing disk that Windows or another program partitioned. */
  private Subject laidOut(int sectorSize, String... partitions) throws IOException {
    Path file = root.resolve("there.vhdx");
    blank(file, DiskFormat.VHDX);
    windows.layOut(file, sectorSize, partitions);
    return adopt("db", file);
  }

  @Test
  void an_adopted_disk_grows_in_the_partition_that_holds_the_data() throws IOException {
    Subject db = laidOut(512, "reserved 16m", "NTFS 46m");

    resize(db, "100m");

    mount(db);
    assertThat(windows.fileSystem(root.resolve("there.vhdx"))).isEqualTo("NTFS " + (82L << 20));
    unmount(db);
  }

  @Test
  void of_several_partitions_the_largest_is_the_data() throws IOException {
    Subject db = laidOut(512, "FAT32 8m", "NTFS 40m", "reserved 12m");

    mount(db);

    assertThat(windows.fileSystem(root.resolve("there.vhdx"))).isEqualTo("NTFS " + (40L << 20));
    unmount(db);
    assertThat(windows.standing()).isEmpty();
    assertThat(debugged).contains("\\\\.\\PhysicalDrive1: the data is partition 2");
  }

  @Test
  void a_partition_with_another_one_behind_it_does_not_grow() throws IOException {
    Subject db = laidOut(512, "NTFS 40m", "reserved 12m");

    assertThatThrownBy(() -> resize(db, "100m"))
        .isInstanceOf(NotSupported.class)
        .hasMessage("resize db: partition 1 holds the data, and partition 2 follows it");
    assertThat(windows.calls()).noneMatch(call -> call.startsWith("ExpandVirtualDisk"));
  }

  @Test
  void sectors_of_4096_bytes_are_counted_as_such() throws IOException {
    Subject db = laidOut(4096, "NTFS 62m");

    resize(db, "100m");

    mount(db);
    assertThat(windows.fileSystem(root.resolve("there.vhdx"))).isEqualTo("NTFS " + (98L << 20));
    unmount(db);
  }

  @ParameterizedTest
  @CsvSource({"fat32, FAT32", "exfat, exFAT"})
  void a_file_system_that_cannot_grow_keeps_its_disk_as_it_is(String fs, String word)
      throws IOException {
    Subject db = create("db", Map.of("size", "64m", "fs", fs));

    assertThatThrownBy(() -> resize(db, "100m"))
        .isInstanceOf(NotSupported.class)
        .hasMessage("resize db: a %s file system cannot be extended".formatted(word));
    assertThat(Disk.of(disk(db)).size()).isEqualTo(Size.parseBinary("64m"));
    assertThat(resize(db, "64m")).containsEntry("size", Long.toString(64L << 20));
    assertThat(windows.standing()).isEmpty();
  }

  @Test
  void a_volume_of_somebody_else_that_answers_with_an_error_is_left_out() throws IOException {
    windows.brokenForeignVolume = true;
    Subject db = create("db");

    mount(db);
    unmount(db);

    assertThat(windows.standing()).isEmpty();
    assertThat(debugged).anyMatch(note -> note.startsWith("skipped a volume: get extents "));
  }

  @Test
  void it_does_not_shrink_and_does_not_grow_while_mounted() throws IOException {
    Subject db = create("db");

    assertThatThrownBy(() -> resize(db, "32m"))
        .isInstanceOf(NotSupported.class)
        .hasMessage("resize db: a vhdx disk cannot shrink");
    mount(db);
    assertThatThrownBy(() -> resize(db, "100m"))
        .isInstanceOf(DriverFailed.class)
        .satisfies(e -> assertThat(hint(e)).isEqualTo("unmount it first"));
    unmount(db);
  }

  @Test
  void it_is_compacted_while_nobody_has_it() throws IOException {
    Subject db = create("db");
    compact(db);
    assertThat(windows.calls())
        .containsSubsequence(
            "AttachVirtualDisk flags 2",
            "SetVolumeMountPoint _data",
            "defrag.exe " + db.home().data() + " /L",
            "DeleteVolumeMountPoint _data",
            "FlushFileBuffers",
            "AttachVirtualDisk flags 3",
            "CompactVirtualDisk flags 1");
    ((Compacts.Fully) open()).compactFully(db.volume(), db.home());
    assertThat(windows.calls())
        .containsSubsequence("AttachVirtualDisk flags 3", "CompactVirtualDisk flags 0");
    assertThat(windows.standing()).isEmpty();
    assertThat(((Compacts) open()).room(db.volume(), db.home()))
        .isEqualTo(new Size(Files.size(disk(db))));

    mount(db);
    assertThatThrownBy(() -> compact(db))
        .isInstanceOf(NotSupported.class)
        .hasMessage("compact db: it is mounted; unmount it first");
    unmount(db);
    Subject fixed = create("fixed", Map.of("size", "64m", "type", "fixed"));
    assertThatThrownBy(() -> compact(fixed))
        .isInstanceOf(NotSupported.class)
        .hasMessage("compact fixed: a fixed disk cannot be compacted");
    Subject _ = create("child", Map.of("parent", "db"));
    assertThatThrownBy(() -> compact(db))
        .isInstanceOf(NotSupported.class)
        .hasMessage("compact db: other volumes are built on its disk");
    windows.faults().failAt(1);
    assertThatThrownBy(() -> compact(db)).isInstanceOf(VolumeException.class);
    assertThat(windows.standing()).isEmpty();
  }

  @Test
  void what_cannot_be_trimmed_is_compacted_all_the_same() throws IOException {
    Subject db = create("db");
    int before = windows.calls().size();
    compact(db);
    List<String> calls = windows.calls().subList(before, windows.calls().size());
    int trim = calls.indexOf("defrag.exe " + db.home().data() + " /L") + 1;
    windows.faults().failAt(trim);
    compact(db);

    assertThat(windows.calls()).hasSize(before + 2 * calls.size());
    assertThat(windows.calls().getLast()).isEqualTo("CompactVirtualDisk flags 1");
    assertThat(windows.standing()).isEmpty();
  }

  /** Like exFAT. Otherwise, deleted data would stay in the disk for ever. */
  @Test
  void what_cannot_be_trimmed_is_overwritten_with_zeros_on_request() throws IOException {
    Subject db = create("db");
    int before = windows.calls().size();
    compact(db);
    int trim =
        windows
                .calls()
                .subList(before, windows.calls().size())
                .indexOf("defrag.exe " + db.home().data() + " /L")
            + 1;
    windows.free = Long.MAX_VALUE;
    windows.faults().failAt(trim);
    assertThatThrownBy(() -> ((Compacts.Fully) open()).compactFully(db.volume(), db.home()))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("free, and 67.11MB must stay free");
    assertThat(windows.standing()).isEmpty();
    windows.free = 3 << 20;
    windows.faults().failAt(trim);

    ((Compacts.Fully) open()).compactFully(db.volume(), db.home());

    assertThat(windows.calls())
        .containsSubsequence(
            "GetDiskFreeSpaceEx",
            "DeleteVolumeMountPoint _data",
            "FlushFileBuffers",
            "CompactVirtualDisk flags 0");
    assertThat(windows.standing()).isEmpty();
    assertThat(mount(db)).isEmptyDirectory();
    unmount(db);
  }

  @Test
  void a_disk_without_a_partition_is_compacted_by_its_zeros() throws IOException {
    Path file = root.resolve("empty.vhdx");
    blank(file, DiskFormat.VHDX);
    Subject db = adopt("db", file);

    compact(db);

    assertThat(windows.calls().getLast()).isEqualTo("CompactVirtualDisk flags 0");
    assertThat(windows.standing()).isEmpty();
  }

  @Test
  void blocks_and_sectors_are_as_large_as_asked_and_refs_keeps_checksums() throws IOException {
    Subject db =
        create("db", Map.of("size", "4g,fs=refs,block-size=1m,sector-size=4096,integrity=true"));

    assertThat(windows.calls())
        .contains("CreateVirtualDisk disk.vhdx flags 0 block 1048576")
        .containsSubsequence("FormatEx ReFS", "DeviceIoControl 0x9c280");
    assertThat(Disk.of(disk(db)).size()).isEqualTo(Size.parseBinary("4g"));
    remove(db);
  }

  private void compact(Subject subject) {
    ((Compacts) open()).compact(subject.volume(), subject.home());
  }

  @Test
  void its_status_is_read_without_windows() throws IOException {
    Subject db = create("db");
    int calls = windows.calls().size();

    assertThat(open().status(db.volume(), db.home()))
        .containsEntry("type", "dynamic")
        .containsEntry("size", "64MiB")
        .containsEntry("disk", disk(db).toString());
    assertThat(windows.calls()).hasSize(calls);
  }

  private SortedMap<String, String> resize(Subject subject, String size) {
    return ((Resizes) open())
        .resize(subject.volume(), subject.home(), Size.parseBinary(size), Secrets.NONE)
        .map();
  }

  private static Path disk(Subject subject) {
    return subject.home().file("disk.vhdx");
  }

  private static String hint(Throwable failure) {
    return ((VolumeException) failure).hint().orElse("");
  }
}
