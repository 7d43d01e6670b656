package dev.keg.linux.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.disk.BlankDisk;
import dev.keg.disk.Disk;
import dev.keg.disk.DiskChain;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.disk.DiskWriter;
import dev.keg.driver.Adopts;
import dev.keg.driver.Clones;
import dev.keg.driver.Compacts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.Examines;
import dev.keg.driver.Examines.Examined;
import dev.keg.driver.Renders;
import dev.keg.driver.Renders.MachineDisk;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.error.VolumeException;
import dev.keg.linux.SnapshotDriverContract;
import dev.keg.linux.kernel.FakeKernel;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Raw, VHD and VHDX disks with fake programs; ImageDriverIT tests the real ones. */
final class ImageDriverTest extends SnapshotDriverContract {
  private final FakeKernel kernel = fake;
  private final DiskWriter writer = new DiskWriter(UUID::randomUUID, Clock.systemUTC());

  @BeforeEach
  void programs() {
    kernel.tools.programs.put("mkfs.ext4", tool -> formatted(tool.arguments().getLast()));
    kernel.tools.programs.put(
        "cp",
        tool -> {
          List<String> files = tool.arguments().subList(3, 5);
          return attempt(() -> Files.copy(Path.of(files.get(0)), Path.of(files.get(1))));
        });
  }

  @FunctionalInterface
  private interface Work {
    Object run() throws IOException;
  }

  private static String attempt(Work work) {
    try {
      return String.valueOf(work.run());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String formatted(String file) {
    return attempt(
        () -> {
          try (RandomAccessFile raw = new RandomAccessFile(file, "rw")) {
            raw.seek(1080);
            raw.write(new byte[] {0x53, (byte) 0xEF});
          }
          return file;
        });
  }

  @Override
  protected DriverFactory factory() {
    NbdDevices.Host host =
        new NbdDevices.Host(root.resolve("sys"), root.resolve("proc"), root.resolve("dev"));
    return ImageDriver.factory(_ -> kernel.kernel(), host);
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("size", "8m");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of(
        "format", "iso", "size", "1m", "type", "thick", "fs", "fat", "from", "no", "backing", "no");
  }

  @Test
  void a_disk_is_raw_and_has_ext4_unless_told_otherwise() throws IOException {
    Subject db = create("db");

    assertThat(kernel.journal)
        .contains(
            "mkfs.ext4 -q -F -m 0 -E root_owner=0:0 -L db " + root.resolve("staging/db/disk.raw"));
    assertThat(disk(db, "raw")).hasSize(8 << 20);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(disk(db, "raw"))))
        .isEqualTo("rw-------");
  }

  private Examined examined(Subject disk) {
    return ((Examines) open()).examine(disk.volume(), disk.home(), Duration.ofSeconds(1));
  }

  @Test
  void a_raw_disk_is_examined_by_what_its_file_system_brings() throws IOException {
    Subject db = create("db");
    assertThat(examined(db)).isInstanceOf(Examined.Sound.class);

    fails("e2fsck", 4);
    assertThat(examined(db)).isInstanceOf(Examined.Flawed.class);

    kernel.tools.missing.add("e2fsck");
    assertThatThrownBy(() -> examined(db)).hasMessageContaining("e2fsck is not installed");
  }

  @ParameterizedTest
  @CsvSource({"4,true", "12,true", "8,false", "16,false", "32,false", "128,false", "137,false"})
  void a_checker_that_could_not_look_has_found_no_damage(int status, boolean damaged)
      throws IOException {
    Subject db = create("db");
    fails("e2fsck", status);

    if (damaged) {
      assertThat(examined(db)).isInstanceOf(Examined.Flawed.class);
    } else {
      assertThatThrownBy(() -> examined(db)).hasMessageContaining("cannot examine its disk");
    }
  }

  @ParameterizedTest
  @CsvSource({"2,true", "3,false"})
  void a_qcow2_disk_is_examined_by_qemu(int status, boolean losesData) throws IOException {
    Subject db = create("db");
    Files.move(disk(db, "raw"), disk(db, "qcow2"));
    assertThat(examined(db)).isInstanceOf(Examined.Sound.class);

    fails("qemu-img", status);

    assertThat(examined(db))
        .isInstanceOfSatisfying(
            Examined.Flawed.class, flaw -> assertThat(flaw.losesData()).isEqualTo(losesData));
  }

  @Test
  void a_disk_that_is_written_to_meanwhile_is_not_called_damaged() throws IOException {
    Subject db = create("db");
    kernel.tools.programs.put(
        "e2fsck",
        tool -> {
          attempt(() -> Files.write(disk(db, "raw"), new byte[1], StandardOpenOption.APPEND));
          throw ToolException.failed(tool, 4, "");
        });

    assertThat(examined(db)).isEqualTo(new Examined.Skipped("it was written to meanwhile"));
  }

  private void fails(String program, int status) {
    kernel.tools.programs.put(
        program,
        tool -> {
          throw ToolException.failed(tool, status, "it is bad");
        });
  }

  @Test
  void a_disk_goes_if_its_volume_cannot_be_published() throws IOException {
    Path wanted = root.resolve("srv-disk.ext4");
    Subject db = create("db", Map.of("size", "8m", "path", wanted.toString()));
    open().takeBack(db.volume(), db.home());
    assertThat(wanted).doesNotExist();

    Subject own = create("own");
    open().takeBack(own.volume(), own.home());
    assertThat(disk(own, "raw")).exists();
  }

  @Test
  void a_disk_is_created_at_the_given_path_and_never_replaces_a_file() throws IOException {
    Path wanted = root.resolve("srv-disk.ext4");
    Subject db = create("db", Map.of("size", "8m", "path", wanted.toString()));

    assertThat(wanted).hasSize(8 << 20);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(wanted)))
        .isEqualTo("rw-------");
    assertThat(Files.readSymbolicLink(disk(db, "raw"))).isEqualTo(wanted);
    assertThat(Files.getAttribute(wanted, "unix:nlink")).isEqualTo(1);
    assertThat(((Adopts) open()).elsewhere(db.volume(), db.home())).hasValue(wanted);

    Volume other = volume("other", Map.of("size", "8m", "path", wanted.toString()));
    assertThatThrownBy(
            () ->
                open()
                    .validate(DriverOptions.of(other.name(), other.options(), factory().options())))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create other: invalid path: '" + wanted + "' exists");
    remove(db);
    assertThat(wanted).exists();
    Files.delete(wanted);
  }

  @ParameterizedTest
  @CsvSource({"disk.ext4", "/no/such/directory/disk.ext4"})
  void a_place_is_absolute_and_in_a_directory(String path) {
    Volume db = volume("db", Map.of("size", "8m", "path", path));

    assertThatThrownBy(
            () -> open().validate(DriverOptions.of(db.name(), db.options(), factory().options())))
        .isInstanceOf(InvalidOption.class)
        .hasMessageContaining("invalid path");
  }

  @ParameterizedTest
  @CsvSource({"vhdx, DYNAMIC", "vhdx, FIXED", "vhd, DYNAMIC", "vhd, FIXED"})
  void a_file_system_gets_into_every_format(String format, DiskKind kind) throws IOException {
    Subject db =
        create("db", Map.of("size", "8m", "format", format, "type", kind.word(), "fs", "ext4"));

    Disk disk = Disk.of(disk(db, format));
    assertThat(disk.kind()).isEqualTo(kind);
    assertThat(disk.size()).isEqualTo(Size.parseBinary("8m"));
    assertThat(db.home().file("draft.raw")).doesNotExist();
    if (kind == DiskKind.FIXED) {
      assertThat(Superblock.find(disk(db, format), disk.contiguous().orElseThrow()))
          .hasValueSatisfying(found -> assertThat(found.kind()).isEqualTo(Superblock.EXT4));
    }
  }

  @Test
  void it_is_mounted_without_heed_to_devices_and_set_user_id() throws IOException {
    Subject db = create("db");
    mount(db);

    assertThat(kernel.mounts.mounts())
        .singleElement()
        .satisfies(
            mount -> {
              assertThat(mount.type()).isEqualTo("ext4");
              assertThat(mount.options()).contains("nosuid", "nodev").doesNotContain("ro");
            });
    unmount(db);
  }

  @Test
  void a_fixed_vhdx_is_mounted_from_where_its_data_begins() throws IOException {
    Subject db = create("db", Map.of("size", "8m", "format", "vhdx", "type", "fixed"));
    mount(db);

    assertThat(kernel.journal)
        .anyMatch(
            line ->
                line.startsWith("LOOP_CONFIGURE ")
                    && line.contains("offset=4194304, length=8388608"));
    unmount(db);
  }

  @Test
  void a_disk_without_a_file_system_is_not_mounted() throws IOException {
    Subject db = create("db", Map.of("size", "8m", "fs", "none"));

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessage(
            "mount db: %s: there is no file system at the start of the disk"
                .formatted(disk(db, "raw")));
    assertThat(kernel.standing()).isEmpty();
  }

  @Test
  void a_qcow2_disk_is_never_fixed() {
    assertThatThrownBy(() -> validate(Map.of("type", "fixed", "format", "qcow2")))
        .isInstanceOfSatisfying(
            InvalidOption.class,
            e -> assertThat(e.hint().orElse("")).contains("format=raw, format=vhdx"));
  }

  @Test
  void a_fixed_disk_keeps_its_space() throws IOException {
    Subject db = create("db", Map.of("size", "8m", "type", "fixed", "fs", "none"));

    assertThatThrownBy(() -> ((Compacts) open()).compact(db.volume(), db.home()))
        .isInstanceOf(NotSupported.class)
        .hasMessageContaining("keeps its space");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "size | 1m | invalid size: '1m' | a disk holds at least 3MiB",
        "format | floppy | invalid format: 'floppy' | one of raw, qcow2, vhdx, vhd",
        "fs | refs | invalid fs: 'refs' | fs requires Windows for refs: create it there",
        "type | thick | invalid type: 'thick' | one of dynamic, fixed",
        "from | missing | invalid from: 'missing' | a volume with a disk image, or the path",
        "backing | /no/such | invalid backing: '/no/such' | a volume with a disk image",
      })
  void what_cannot_be_created_is_refused_with_a_hint(
      String key, String value, String told, String hint) {
    assertThatThrownBy(() -> validate(Map.of(key, value)))
        .isInstanceOfSatisfying(
            InvalidOption.class,
            e -> {
              assertThat(e).hasMessageContaining(told);
              assertThat(e.hint().orElse("")).contains(hint);
            });
  }

  @Test
  void a_disk_is_not_smaller_than_what_it_is_built_on_and_only_qcow2_is_larger()
      throws IOException {
    create("base");
    create("windows", Map.of("size", "8m", "format", "vhdx"));

    validate(Map.of("backing", "base", "size", "1g"));
    validate(Map.of("backing", "windows", "size", "8m"));
    assertThatThrownBy(() -> validate(Map.of("backing", "base", "size", "4m")))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create db: invalid size: smaller than the source disk, 8MiB");
    assertThatThrownBy(() -> validate(Map.of("backing", "windows", "size", "9m")))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create db: invalid size: the disk must be as large as its backing disk, 8MiB");
  }

  @ParameterizedTest
  @CsvSource({
    "from,    fs,     ext4",
    "backing, fs,     ext4",
    "backing, type,   fixed",
    "backing, from,   base",
    "backing, format, raw",
  })
  void options_that_exclude_each_other_are_refused(String one, String other, String value)
      throws IOException {
    create("base");

    assertThatThrownBy(() -> validate(Map.of(one, "base", other, value)))
        .isInstanceOf(InvalidOption.class)
        .hasMessageContaining("invalid " + other);
  }

  @Test
  void a_vhd_larger_than_the_format_allows_is_refused() {
    assertThatThrownBy(() -> validate(Map.of("format", "vhd", "size", "3t")))
        .isInstanceOfSatisfying(
            InvalidOption.class,
            e -> assertThat(e.hint().orElse("")).contains("a vhd disk holds at most 1.992TiB"));
  }

  @Test
  void owner_and_mode_are_refused() {
    Volume volume = volume("db", options());
    var request =
        new CreateRequest(
            volume,
            new VolumeHome(root),
            DriverOptions.of(volume.name(), volume.options(), factory().options()),
            new Ownership(OptionalLong.empty(), OptionalLong.empty(), OptionalInt.of(0700)),
            Secrets.NONE);

    assertThatThrownBy(() -> open().create(request)).isInstanceOf(NotSupported.class);
  }

  @Test
  void a_copy_of_a_template_is_its_own_and_may_be_larger() throws IOException {
    Path image = root.resolve("image.raw");
    writer.blank(image, new BlankDisk(DiskFormat.RAW, DiskKind.FIXED, Size.parseBinary("4m")));
    formatted(image.toString());

    Subject same = create("same", Map.of("from", image.toString()));
    Subject larger = create("larger", Map.of("from", image.toString(), "size", "6m"));
    Subject other = create("other", Map.of("from", image.toString(), "format", "vhdx"));

    assertThat(disk(same, "raw")).hasSize(4 << 20);
    assertThat(disk(larger, "raw")).hasSize(6 << 20);
    assertThat(Disk.of(disk(other, "vhdx")).size()).isEqualTo(Size.parseBinary("4m"));
    assertThatThrownBy(() -> create("less", Map.of("from", image.toString(), "size", "3m")))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create less: invalid size: smaller than the source disk, 4MiB");
    assertThat(Files.getAttribute(image, "unix:nlink")).isEqualTo(1);
  }

  @Test
  void a_template_that_needs_another_file_is_refused() throws IOException {
    Subject base = create("base", Map.of("size", "8m", "format", "vhdx", "fs", "none"));
    Subject child = create("child", Map.of("backing", "base"));

    assertThatThrownBy(() -> create("copy", Map.of("from", "child")))
        .isInstanceOf(InvalidOption.class)
        .hasMessageContaining("it is built on another disk");
    assertThat(child.home().path()).exists();
    assertThat(base.home().path()).exists();
  }

  @Test
  void a_volume_built_on_another_outlives_it_and_keeps_it_from_being_written() throws IOException {
    Subject base = create("base", Map.of("size", "8m", "format", "vhdx", "type", "fixed"));
    Subject child = create("child", Map.of("backing", "base"));
    assertThat(machineDisk(base)).isEqualTo(new MachineDisk(disk(base, "vhdx"), "vhdx", true));
    assertThat(machineDisk(child)).isEqualTo(new MachineDisk(disk(child, "vhdx"), "vhdx", false));

    mount(base);
    assertThat(kernel.mounts.mounts().getFirst().readOnly()).isTrue();
    unmount(base);

    remove(base);
    assertThat(DiskChain.of(disk(child, "vhdx")).links()).hasSize(2);
  }

  @Test
  void a_parent_is_writable_again_when_its_last_child_is_gone() throws IOException {
    Subject base = create("base", Map.of("size", "8m", "format", "vhd", "type", "fixed"));
    Subject child = create("child", Map.of("backing", "base"));
    remove(child);

    assertThat(machineDisk(base).readOnly()).isFalse();
  }

  @Test
  void an_overlay_of_another_format_is_refused() throws IOException {
    create("base", Map.of("size", "8m", "format", "vhdx"));

    assertThatThrownBy(() -> create("child", Map.of("backing", "base", "format", "vhd")))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("a vhdx disk cannot be the backing of a vhd disk");
  }

  @Test
  void a_raw_disk_that_pretends_to_be_another_is_still_raw() throws IOException {
    Subject db = create("db", Map.of("size", "8m", "fs", "none"));
    try (RandomAccessFile raw = new RandomAccessFile(disk(db, "raw").toFile(), "rw")) {
      raw.write(new byte[] {'Q', 'F', 'I', (byte) 0xFB, 0, 0, 0, 2});
    }

    assertThat(machineDisk(db).format()).isEqualTo("raw");
    Subject copy = create("copy", Map.of("from", "db"));
    assertThat(machineDisk(copy).format()).isEqualTo("raw");
  }

  @Test
  void a_raw_disk_grows_but_neither_shrinks_nor_grows_while_mounted() throws IOException {
    Subject db = create("db");

    assertThat(resize(db, "9m")).containsEntry("size", Long.toString(9 << 20));
    assertThat(disk(db, "raw")).hasSize(9 << 20);
    assertThat(resize(db, "9m")).containsEntry("size", Long.toString(9 << 20));
    assertThatThrownBy(() -> resize(db, "8m"))
        .isInstanceOf(NotSupported.class)
        .hasMessage("resize db: a disk cannot shrink");
    mount(db);
    assertThatThrownBy(() -> resize(db, "10m")).isInstanceOf(NotSupported.class);
    unmount(db);
  }

  @Test
  void a_missing_program_names_its_package() {
    kernel.tools.missing.add("qemu-img");

    assertThatThrownBy(() -> create("db", Map.of("size", "8m", "format", "qcow2")))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("create db: qemu-img is not installed")
        .satisfies(
            e ->
                assertThat(((VolumeException) e).hint().orElse(""))
                    .endsWith("apt-get install qemu-utils"));
    assertThat(root.resolve("staging")).isEmptyDirectory();
  }

  @Test
  void its_status_says_what_it_is_also_when_it_is_damaged() throws IOException {
    Subject db = create("db", Map.of("size", "8m", "format", "vhdx"));
    assertThat(open().status(db.volume(), db.home()))
        .containsEntry("format", "vhdx")
        .containsEntry("size", "8MiB");

    Files.write(disk(db, "vhdx"), new byte[10]);
    assertThat(open().status(db.volume(), db.home())).containsKey("unreadable");
    assertThatThrownBy(() -> mount(db)).isInstanceOf(DriverFailed.class);
  }

  @Test
  void a_disk_is_adopted_by_its_content_and_stays_where_it_is() throws IOException {
    Path file = root.resolve("lies.img");
    writer.blank(file, new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("8m")));
    byte[] before = Files.readAllBytes(file);

    Subject db = adopt("db", file);

    assertThat(db.volume().options().map()).isEqualTo(Map.of("format", "vhdx"));
    assertThat(machineDisk(db)).isEqualTo(new MachineDisk(file, "vhdx", false));
    assertThat(((Adopts) open()).elsewhere(db.volume(), db.home())).contains(file);
    assertThat(open().status(db.volume(), db.home())).containsEntry("disk", file.toString());
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void a_clone_of_an_adopted_disk_is_a_disk_of_its_own() throws IOException {
    Path file = root.resolve("lies.img");
    writer.blank(file, new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("8m")));
    Subject db = adopt("db", file);
    Subject copy =
        new Subject(
            db.volume(), new VolumeHome(Files.createDirectories(root.resolve("staging/copy"))));

    ((Clones) open()).cloneFrom(db.volume(), db.home(), request(copy));

    assertThat(Files.isSymbolicLink(disk(copy, "vhdx"))).isFalse();
    assertThat(Files.mismatch(disk(copy, "vhdx"), file)).isEqualTo(-1);
    assertThat(((Adopts) open()).elsewhere(copy.volume(), copy.home())).isEmpty();
  }

  @Test
  void an_iso_image_stays_one_and_is_never_written() throws IOException {
    Path file = root.resolve("system.iso");
    try (RandomAccessFile iso = new RandomAccessFile(file.toFile(), "rw")) {
      iso.setLength(1 << 20);
      iso.seek(32769);
      iso.write("CD001".getBytes(US_ASCII));
    }
    Subject system = adopt("system", file);
    Subject copy =
        new Subject(
            system.volume(), new VolumeHome(Files.createDirectories(root.resolve("staging/copy"))));

    ((Clones) open()).cloneFrom(system.volume(), system.home(), request(copy));

    assertThat(machineDisk(copy)).isEqualTo(new MachineDisk(disk(copy, "iso"), "raw", true));
    assertThatThrownBy(() -> resize(system, "8m"))
        .isInstanceOf(NotSupported.class)
        .hasMessage("resize system: an ISO image is never written");
    assertThatThrownBy(() -> ((Compacts) open()).compact(system.volume(), system.home()))
        .isInstanceOf(NotSupported.class);
    assertThat(file).hasSize(1 << 20);
  }

  private CreateRequest request(Subject subject) {
    Volume volume = subject.volume();
    return new CreateRequest(
        volume,
        subject.home(),
        DriverOptions.of(volume.name(), volume.options(), factory().options()),
        Ownership.DEFAULT,
        Secrets.NONE);
  }

  @Test
  void adopted_disks_know_who_is_built_on_them_by_their_paths() throws IOException {
    Path file = root.resolve("base.vhdx");
    Path top = root.resolve("top.vhdx");
    writer.blank(file, new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("8m")));
    writer.differencing(top, file);
    Subject made = create("made", Map.of("backing", file.toString()));
    Subject base = adopt("base", file);
    Subject child = adopt("child", top);

    assertThat(machineDisk(base).readOnly()).isTrue();
    assertThat(machineDisk(child).readOnly()).isFalse();
    assertThat(((Adopts) open()).dependents(base.volume(), base.home()))
        .containsExactly(new VolumeName("child"), new VolumeName("made"));
    assertThat(((Adopts) open()).dependents(child.volume(), child.home())).isEmpty();
    for (Subject subject : List.of(made, child)) {
      assertThat(((Renders) open()).foundations(subject.volume(), subject.home()))
          .containsExactly(file);
    }

    Files.delete(disk(made, "vhdx"));
    Files.delete(top);
    assertThat(machineDisk(base).readOnly()).isFalse();
  }

  @Test
  void what_is_built_on_an_adopted_disk_is_known_before_it_is_a_volume() throws IOException {
    Path file = root.resolve("base.vhdx");
    writer.blank(file, new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("8m")));
    Subject base = adopt("base", file);
    Volume child = volume("child", Map.of("backing", file.toString()));
    Path staged = Files.createDirectories(root.resolve("staging/1f.0123456789abcdef"));

    open().create(request(new Subject(child, new VolumeHome(staged))));

    assertThat(machineDisk(base).readOnly()).isTrue();
    assertThat(((Adopts) open()).dependents(base.volume(), base.home())).hasSize(1);
  }

  @Test
  void the_disk_of_a_volume_is_that_of_the_volume_also_by_its_path() throws IOException {
    Subject base = create("base", Map.of("size", "8m", "format", "vhdx"));
    Subject child = create("child", Map.of("backing", disk(base, "vhdx").toString()));

    assertThat(machineDisk(base).readOnly()).isTrue();
    remove(base);
    assertThat(DiskChain.of(disk(child, "vhdx")).links()).hasSize(2);
  }

  @Test
  void an_adopted_disk_that_is_gone_is_reported() throws IOException {
    Path file = Files.write(root.resolve("lies.img"), new byte[4096]);
    Subject db = adopt("db", file);

    Files.delete(file);

    assertThatThrownBy(() -> mount(db)).hasMessageStartingWith("mount db: its disk is missing");
    assertThatThrownBy(() -> machineDisk(db)).hasMessage("open db: its disk is missing");
    assertThat(open().status(db.volume(), db.home()))
        .containsEntry("unreadable", "no such file or directory");
    open().remove(db.volume(), db.home());
  }

  @ParameterizedTest
  @CsvSource({"xfs, 64m, 300MiB", "btrfs, 100m, 128MiB"})
  void a_file_system_has_room(String fs, String size, String least) {
    assertThatThrownBy(() -> validate(Map.of("fs", fs, "size", size)))
        .isInstanceOf(InvalidOption.class)
        .satisfies(
            e ->
                assertThat(((VolumeException) e).hint())
                    .contains("size requires at least " + least + " for " + fs));
  }

  @Test
  void a_disk_of_its_own_is_nowhere_else() throws IOException {
    Subject db = create("db");

    assertThat(((Adopts) open()).elsewhere(db.volume(), db.home())).isEmpty();
  }

  private Subject adopt(String name, Path file) throws IOException {
    Adopts driver = (Adopts) open();
    Volume volume = volume(name, driver.optionsFor(file.toRealPath()).orElseThrow().map());
    VolumeHome home = new VolumeHome(Files.createDirectories(root.resolve("volumes/" + name)));
    DriverOptions options = DriverOptions.of(volume.name(), volume.options(), factory().options());
    driver.adopt(file, new CreateRequest(volume, home, options, Ownership.DEFAULT, Secrets.NONE));
    return new Subject(volume, home);
  }

  private void validate(Map<String, String> options) {
    Volume volume = volume("db", options);
    open().validate(DriverOptions.of(volume.name(), volume.options(), factory().options()));
  }

  private Map<String, String> resize(Subject subject, String size) {
    return ((Resizes) open())
        .resize(subject.volume(), subject.home(), Size.parseBinary(size), Secrets.NONE)
        .map();
  }

  private MachineDisk machineDisk(Subject subject) {
    return ((Renders) open()).machineDisk(subject.volume(), subject.home());
  }

  private static Path disk(Subject subject, String format) {
    return subject.home().file("disk." + format);
  }
}
