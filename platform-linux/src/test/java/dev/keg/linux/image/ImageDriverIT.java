package dev.keg.linux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.disk.Disk;
import dev.keg.disk.DiskChain;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.Qcow2Header;
import dev.keg.disk.content.FileSystemUuid;
import dev.keg.driver.Compacts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.Disks;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.VolumeDriver;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.program.InstalledTools;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.tree.LinuxFileTrees;
import dev.keg.tree.FileTree;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Disks created by the programs of this machine, and mounted by its kernel. */
@NeedsTool(value = "qemu-img", from = "qemu-utils")
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
final class ImageDriverIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private final InstalledTools tools = new InstalledTools(System.getenv(), _ -> {});
  private VolumeDriver driver;

  @BeforeEach
  void openDriver() {
    driver =
        ImageDriver.factory(Kernel::open)
            .open(new DriverContext(this::find, System.getenv(), _ -> {}));
  }

  private Optional<VolumeHome> find(VolumeName name) {
    return Optional.of(home(name.text())).filter(home -> Files.exists(home.path()));
  }

  @ParameterizedTest
  @CsvSource({
    "raw,   dynamic, raw",
    "qcow2, dynamic, qcow2",
    "vhdx,  dynamic, vhdx",
    "vhdx,  fixed,   vhdx",
    "vhd,   dynamic, vpc",
    "vhd,   fixed,   vpc",
  })
  void a_disk_has_its_file_system_whatever_its_format(String format, String type, String qemu)
      throws Exception {
    Map<String, String> options = new TreeMap<>(Map.of("format", format, "size", "200m"));
    if (format.startsWith("vhd")) {
      options.put("type", type);
    }
    Volume db = create("db", options);

    Path disk = disk(db, format);
    Path raw = machine.directory().resolve("back");
    run("qemu-img", "convert", "-f", qemu, "-O", "raw", disk.toString(), raw.toString());
    assertThat(run("dumpe2fs", "-h", raw.toString())).contains("Filesystem volume name:   db");
    run("e2fsck", "-f", "-n", raw.toString());
    assertThat(Disk.of(disk).size()).isEqualTo(Size.parseBinary("200m"));
    if (format.equals("qcow2") || format.equals("vhdx")) {
      run("qemu-img", "check", "-q", "-f", qemu, disk.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"raw", "vhd", "vhdx"})
  void a_fixed_disk_occupies_its_space_from_the_start(String format) throws Exception {
    Volume db = create("db", Map.of("format", format, "size", "64m", "type", "fixed"));

    String blocks = run("stat", "-c", "%b", disk(db, format).toString()).strip();
    assertThat(Long.parseLong(blocks) * 512).isGreaterThanOrEqualTo(64 << 20);
  }

  @ParameterizedTest
  @NeedsTool(value = "mkfs.xfs", from = "xfsprogs")
  @NeedsTool(value = "mkfs.btrfs", from = "btrfs-progs")
  @NeedsTool(value = "mkfs.ntfs", from = "ntfs-3g")
  @CsvSource({"ext4,EXT4", "xfs,XFS", "btrfs,BTRFS", "ntfs,NTFS"})
  void every_file_system_is_made_without_root_and_known_again(String fs, Superblock found)
      throws Exception {
    Volume db = create("db", Map.of("size", "400m", "fs", fs));

    assertThat(Superblock.find(disk(db, "raw"), 0))
        .hasValue(new Superblock.Found(found, found == Superblock.NTFS ? 1 << 20 : 0));
  }

  @ParameterizedTest
  @NeedsRoot
  @NeedsKernel({"loop", "ext4"})
  @CsvSource({"raw,dynamic", "vhd,fixed", "vhdx,fixed"})
  void a_disk_in_one_piece_is_mounted_through_a_loop_device(String format, String type)
      throws Exception {
    Map<String, String> options = new TreeMap<>(Map.of("format", format, "size", "64m"));
    if (type.equals("fixed")) {
      options.put("type", type);
    }
    Volume db = create("db", options);

    Files.writeString(mount(db).resolve("table"), "rows");
    assertThat(mount(db)).isEqualTo(home("db").data());
    assertThat(run("findmnt", "-n", "-o", "OPTIONS", home("db").data().toString()))
        .contains("nosuid", "nodev");
    unmount(db);
    assertThat(home("db").data()).isEmptyDirectory();

    assertThat(mount(db).resolve("table")).hasContent("rows");
    unmount(db);
    unmount(db);
    assertThat(run("losetup", "-a")).doesNotContain(home("db").path().toString());
  }

  @ParameterizedTest
  @NeedsRoot
  @NeedsTool(value = "mkfs.xfs", from = "xfsprogs")
  @NeedsTool(value = "mkfs.btrfs", from = "btrfs-progs")
  @NeedsKernel({"loop", "xfs", "btrfs"})
  @CsvSource({"xfs", "btrfs"})
  void other_file_systems_are_mounted_too(String fs) throws Exception {
    Volume db = create("db", Map.of("size", "400m", "fs", fs));

    Files.writeString(mount(db).resolve("table"), "rows");
    unmount(db);
    assertThat(mount(db).resolve("table")).hasContent("rows");
    unmount(db);
  }

  @ParameterizedTest
  @NeedsTool(value = "mkfs.ntfs", from = "ntfs-3g")
  @NeedsTool(value = "sfdisk", from = "fdisk")
  @CsvSource({"raw", "qcow2", "vhd", "vhdx"})
  void windows_finds_ntfs_in_a_partition(String format) throws Exception {
    Volume db = create("db", Map.of("size", "64m", "fs", "ntfs", "format", format));

    Path raw = machine.directory().resolve("raw");
    run("qemu-img", "convert", "-O", "raw", disk(db, format).toString(), raw.toString());
    assertThat(run("sfdisk", "--verify", raw.toString())).contains("No errors detected");
    assertThat(run("sfdisk", "-d", raw.toString()))
        .contains("label: gpt", "start=        2048", "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7");
    assertThat(FileSystemUuid.find(disk(db, format), DiskFormat.ofWord(format).orElseThrow()))
        .isPresent();
  }

  @ParameterizedTest
  @NeedsTool(value = "mkfs.vfat", from = "dosfstools")
  @NeedsTool(value = "mkfs.exfat", from = "exfatprogs")
  @NeedsTool(value = "sfdisk", from = "fdisk")
  @CsvSource({"fat32,raw,FAT32   ,82,MY_DATA-ABC", "exfat,vhdx,EXFAT   ,3,"})
  void windows_finds_fat_in_a_partition(
      String fs, String format, String magic, int at, @Nullable String label) throws Exception {
    Volume db = create("my.data-abcdef", Map.of("size", "64m", "fs", fs, "format", format));

    Path raw = machine.directory().resolve("raw");
    run("qemu-img", "convert", "-O", "raw", disk(db, format).toString(), raw.toString());
    assertThat(run("sfdisk", "-d", raw.toString()))
        .contains("label: gpt", "start=        2048", "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7");
    byte[] sector = new byte[512];
    try (var disk = Files.newInputStream(raw)) {
      disk.skipNBytes(1 << 20);
      assertThat(disk.readNBytes(sector, 0, sector.length)).isEqualTo(sector.length);
    }
    String text = new String(sector, StandardCharsets.ISO_8859_1);
    assertThat(text.substring(at, at + 8)).isEqualTo(magic.stripTrailing() + "   ");
    if (label != null) {
      assertThat(text.substring(71, 82)).isEqualTo(label);
      assertThat(sector[28] | sector[29] << 8).as("hidden sectors").isEqualTo(2048);
    }
  }

  @Test
  @NeedsRoot
  @NeedsKernel({"loop", "fuse"})
  @NeedsTool(value = "ntfs-3g", from = "ntfs-3g")
  void ntfs_is_mounted_by_the_kernel_or_by_a_program() throws Exception {
    Volume db = create("db", Map.of("size", "64m", "fs", "ntfs"));

    Files.writeString(mount(db).resolve("table"), "rows");
    unmount(db);
    Path data = mount(db);
    assertThat(data.resolve("table")).hasContent("rows");
    assertThat(withheld(data)).hasValueSatisfying(text -> assertThat(text).contains("are on NTFS"));
    assertThat(withheld(data.resolveSibling(""))).isEmpty();
    unmount(db);
  }

  private static Optional<String> withheld(Path directory) {
    try (FileTree tree = new LinuxFileTrees().read(directory)) {
      return tree.withheld();
    }
  }

  @Test
  @NeedsRoot
  @NeedsKernel({"loop", "xfs"})
  @NeedsTool(value = "mkfs.xfs", from = "xfsprogs")
  void two_copies_of_one_template_are_mounted_at_once() throws Exception {
    Volume one = create("one", Map.of("size", "400m", "fs", "xfs"));
    Volume two = create("two", Map.of("from", "one"));

    Files.writeString(mount(one).resolve("file"), "one");
    Files.writeString(mount(two).resolve("file"), "two");
    assertThat(mount(one).resolve("file")).hasContent("one");
    unmount(two);
    unmount(one);
  }

  @Test
  void a_copy_of_a_thin_template_is_thin() throws Exception {
    Volume template = create("template", Map.of("size", "2g"));
    Volume copy = create("copy", Map.of("from", "template", "size", "3g"));

    assertThat(disk(copy, "raw")).hasSize(3L << 30);
    assertThat(blocks(disk(copy, "raw"))).isLessThan(blocks(disk(template, "raw")) + 4096);
  }

  private long blocks(Path file) throws ToolException {
    return Long.parseLong(run("stat", "-c", "%b", file.toString()).strip());
  }

  @Test
  void a_template_of_one_format_becomes_a_disk_of_another() throws Exception {
    create("template", Map.of("size", "100m", "format", "qcow2"));
    for (String format : List.of("raw", "vhdx", "vhd")) {
      Volume copy = create(format, Map.of("from", "template", "format", format, "size", "120m"));
      assertThat(Disk.of(disk(copy, format)).size()).isEqualTo(Size.parseBinary("120m"));
    }
    Path raw = machine.directory().resolve("back");
    run(
        "qemu-img",
        "convert",
        "-f",
        "vhdx",
        "-O",
        "raw",
        "" + disk(volume("vhdx", Map.of()), "vhdx"),
        "" + raw);
    run("e2fsck", "-f", "-n", raw.toString());
  }

  @Test
  void a_chain_of_volumes_is_one_that_qemu_follows_also_without_its_parents() throws Exception {
    Volume base = create("base", Map.of("size", "100m"));
    Volume middle = create("middle", Map.of("backing", "base"));
    Volume top = create("top", Map.of("backing", "middle"));
    remove(base);
    remove(middle);

    assertThat(DiskChain.of(disk(top, "qcow2")).links()).hasSize(3);
    Path raw = machine.directory().resolve("back");
    run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", "" + disk(top, "qcow2"), "" + raw);
    run("e2fsck", "-f", "-n", raw.toString());
  }

  @Test
  void a_template_that_names_another_file_of_the_host_is_refused() throws Exception {
    Path secret = Files.writeString(machine.directory().resolve("secret"), "x".repeat(512));
    Path evil = machine.directory().resolve("evil.qcow2");
    run("qemu-img", "create", "-q", "-f", "qcow2", "-b", "" + secret, "-F", "raw", "" + evil, "1m");

    assertThatThrownBy(() -> create("db", Map.of("from", evil.toString())))
        .hasMessageContaining("it is built on another disk");
    assertThat(home("db").path()).doesNotExist();
  }

  @Test
  @NeedsRoot
  @NeedsKernel({"loop", "ext4"})
  @NeedsTool(value = "qemu-io", from = "qemu-utils")
  void what_a_machine_has_open_is_not_mounted() throws Exception {
    Volume db = create("db", Map.of("size", "8m"));
    Process machine =
        new ProcessBuilder("qemu-io", "-f", "raw", home("db").file("disk.raw").toString()).start();
    try {
      // Its prompt: it has opened the image.
      assertThat(machine.getInputStream().read()).isEqualTo('q');

      String told = "disk.raw: a program has it open, such as a running machine";
      assertThatThrownBy(() -> mount(db)).hasMessageEndingWith(told);
      assertThatThrownBy(() -> create("copy", Map.of("from", "db"))).hasMessageEndingWith(told);
      assertThatThrownBy(() -> create("kid", Map.of("backing", "db"))).hasMessageEndingWith(told);
    } finally {
      machine.destroyForcibly().waitFor();
    }
    mount(db);
    assertThatThrownBy(() -> create("copy", Map.of("from", "db")))
        .hasMessageEndingWith("disk.raw: it is mounted; unmount it first");
    unmount(db);
  }

  @Test
  @NeedsTool(value = "qemu-io", from = "qemu-utils")
  void a_qcow2_disk_is_rewritten_with_the_same_content() throws Exception {
    create("base", Map.of("format", "qcow2", "size", "100m"));
    Volume top = create("top", Map.of("backing", "base"));
    Path disk = disk(top, "qcow2");
    run("qemu-io", "-c", "write -P 5 50M 20M", "-c", "write -z 50M 19M", disk.toString());
    Files.setPosixFilePermissions(disk, PosixFilePermissions.fromString("rw-rw----"));
    Path killed = Files.writeString(disk.resolveSibling(".disk.qcow2.keg-compact"), "half");
    long before = driver().room(top, home("top")).bytes();

    driver().compact(top, home("top"));

    assertThat(driver().room(top, home("top")).bytes()).isBetween(1L << 20, before - (18L << 20));
    assertThat(killed).doesNotExist();
    assertThat(Files.getPosixFilePermissions(disk))
        .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
    assertThat(DiskChain.of(disk).links()).hasSize(2);
    assertThat(Qcow2Header.of(disk).backing()).contains("base-0.qcow2");
    run("qemu-img", "check", "-q", "-f", "qcow2", disk.toString());
    assertThat(run("qemu-io", "-c", "read -P 5 69M 1M", "-c", "read -P 0 50M 19M", "" + disk))
        .doesNotContain("failed");
  }

  @Test
  void a_qcow2_disk_that_would_lose_its_snapshots_stays_as_it_is() throws Exception {
    Volume db = create("db", Map.of("format", "qcow2", "size", "8m"));
    Path disk = disk(db, "qcow2");
    run("qemu-img", "snapshot", "-c", "before", disk.toString());
    byte[] content = Files.readAllBytes(disk);

    assertThatThrownBy(() -> driver().compact(db, home("db")))
        .hasMessage("compact db: " + disk + ": it has snapshots of its own, which would be lost");
    assertThat(disk).hasBinaryContent(content);
    assertThat(disk.resolveSibling(".disk.qcow2.keg-compact")).doesNotExist();
  }

  @Test
  void a_raw_disk_gets_holes_where_it_has_zeros() throws Exception {
    Volume db = create("db", Map.of("size", "8m", "fs", "none"));
    byte[] content = new byte[8 << 20];
    content[5 << 20] = 1;
    Files.write(disk(db, "raw"), content);

    driver().compact(db, home("db"));

    assertThat(blocks(disk(db, "raw"))).isLessThan(100);
    assertThat(disk(db, "raw")).hasBinaryContent(content);
  }

  /** Only once: whatever its options, qemu-img measures the machine's speed for a second. */
  @Test
  void an_encrypted_disk_is_read_with_its_key_alone() throws Exception {
    Path key = Files.writeString(machine.directory().resolve("key, of it"), "xyzzy");
    String file = key.toString();
    Volume db =
        create("db", Map.of("size", "8m", "format", "raw", "encrypted", "true", "key-file", file));

    var _ = ((Resizes) driver).resize(db, home("db"), Size.parseBinary("12m"), Secrets.NONE);

    Path disk = disk(db, "luks");
    assertThat(Disk.of(disk, DiskFormat.LUKS).size()).isEqualTo(Size.parseBinary("12m"));
    assertThat(Superblock.find(disk, Files.size(disk) - (12 << 20))).isEmpty();
    Path raw = machine.directory().resolve("back");
    run(
        "qemu-img",
        "convert",
        "--object",
        "secret,id=key,file=" + file.replace(",", ",,"),
        "--image-opts",
        "driver=luks,key-secret=key,file.filename=" + disk,
        "-O",
        "raw",
        raw.toString());
    run("e2fsck", "-f", "-n", raw.toString());
  }

  @Test
  void a_disk_of_windows_says_where_it_is_compacted() throws Exception {
    Volume db = create("db", Map.of("size", "8m", "format", "vhdx"));

    assertThatThrownBy(() -> driver().compact(db, home("db")))
        .hasMessage("compact db: a vhdx disk is compacted on Windows only");
  }

  private Compacts driver() {
    return (Compacts) driver;
  }

  private Volume create(String name, Map<String, String> options) throws IOException {
    Volume volume = volume(name, options);
    driver.validate(optionsOf(volume));
    Files.createDirectory(home(name).path());
    try {
      driver.create(
          new CreateRequest(
              volume, home(name), optionsOf(volume), Ownership.DEFAULT, Secrets.NONE));
      return volume;
    } catch (RuntimeException e) {
      delete(home(name).path());
      throw e;
    }
  }

  @Test
  void no_machine_opens_a_disk_for_writing_while_it_is_saved() throws Exception {
    Volume db = create("db", Map.of("format", "qcow2", "size", "200m"));
    Path disk = disk(db, "qcow2");

    try (Disks.OpenDisk _ = ((Disks) driver).openDisk(db, home("db"))) {
      assertThatThrownBy(() -> write(disk))
          .isInstanceOf(ToolException.class)
          .hasMessageContaining("another process using the image");
      run("qemu-img", "convert", "-O", "raw", disk.toString(), disk + ".raw");
    }

    String _ = write(disk);
  }

  private String write(Path disk) throws ToolException {
    return run("qemu-io", "-f", "qcow2", "-c", "write 0 4k", disk.toString());
  }

  private Volume volume(String name, Map<String, String> options) {
    return new Volume(
        new VolumeName(name), "image", Options.of(options), Labels.NONE, Instant.EPOCH);
  }

  private static DriverOptions optionsOf(Volume volume) {
    return DriverOptions.of(volume.name(), volume.options(), ImageOptions.KNOWN);
  }

  private Path mount(Volume volume) {
    return driver.mount(
        new MountRequest(volume, home(volume.name().text()), optionsOf(volume), Secrets.NONE));
  }

  private void unmount(Volume volume) {
    driver.unmount(volume, home(volume.name().text()));
  }

  private void remove(Volume volume) throws IOException {
    driver.remove(volume, home(volume.name().text()));
    delete(home(volume.name().text()).path());
  }

  private static void delete(Path home) throws IOException {
    try (var files = Files.list(home)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(home);
  }

  private VolumeHome home(String name) {
    return new VolumeHome(machine.directory().resolve(name));
  }

  private Path disk(Volume volume, String format) {
    return home(volume.name().text()).file("disk." + format);
  }

  private String run(String program, String... arguments) throws ToolException {
    return tools.run(Tool.of(program, arguments));
  }
}
