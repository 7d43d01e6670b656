package dev.keg.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.tree.FileKind.Extent;
import dev.keg.volume.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Other programs read the images: QEMU, libvhdi, and the kernel of this machine. */
final class DiskImagesIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private final DiskWriter writer = new DiskWriter(UUID::randomUUID, Clock.systemUTC());
  private Path file;

  @BeforeEach
  void file() {
    file = machine.directory().resolve("disk");
  }

  @ParameterizedTest
  @NeedsTool(value = "qemu-img", from = "qemu-utils")
  @CsvSource({
    "VHD,  FIXED,   vpc,  3m",
    "VHD,  FIXED,   vpc,  3146240",
    "VHD,  FIXED,   vpc,  127g",
    "VHD,  FIXED,   vpc,  2040g",
    "VHD,  DYNAMIC, vpc,  3m",
    "VHD,  DYNAMIC, vpc,  4195328",
    "VHD,  DYNAMIC, vpc,  20g",
    "VHD,  DYNAMIC, vpc,  2040g",
    "VHDX, FIXED,   vhdx, 3m",
    "VHDX, FIXED,   vhdx, 100m",
    "VHDX, FIXED,   vhdx, 4t",
    "VHDX, DYNAMIC, vhdx, 3m",
    "VHDX, DYNAMIC, vhdx, 3146240",
    "VHDX, DYNAMIC, vhdx, 4g",
    "VHDX, DYNAMIC, vhdx, 4294967808",
    "VHDX, DYNAMIC, vhdx, 20g",
    "VHDX, DYNAMIC, vhdx, 64t",
  })
  void qemu_accepts_it(DiskFormat format, DiskKind kind, String qemu, String size)
      throws Exception {
    writer.blank(file, new BlankDisk(format, kind, Size.parseBinary(size)));

    if (format == DiskFormat.VHDX) {
      assertThat(Tool.run("qemu-img", "check", "-f", qemu, file.toString()))
          .contains("No errors were found on the image");
    }
    assertThat(Tool.run("qemu-img", "info", "--output=json", "-f", qemu, file.toString()))
        .contains("\"virtual-size\": " + Size.parseBinary(size).bytes());
  }

  @ParameterizedTest
  @NeedsTool(value = "qemu-img", from = "qemu-utils")
  @NeedsTool(value = "qemu-io", from = "qemu-utils")
  @CsvSource({
    "VHD,  FIXED,   vpc",
    "VHD,  DYNAMIC, vpc",
    "VHDX, FIXED,   vhdx",
    "VHDX, DYNAMIC, vhdx",
  })
  void what_qemu_writes_into_it_is_where_it_belongs(DiskFormat format, DiskKind kind, String qemu)
      throws Exception {
    writer.blank(file, new BlankDisk(format, kind, Size.parseBinary("100m")));

    for (String at : new String[] {"0", "33m", "99m"}) {
      var _ =
          Tool.run("qemu-io", "-f", qemu, "-c", "write -P 0x5a " + at + " 64k", file.toString());
    }

    Path raw = file.resolveSibling("raw");
    var _ =
        Tool.run("qemu-img", "convert", "-f", qemu, "-O", "raw", file.toString(), raw.toString());
    byte[] all = Files.readAllBytes(raw);
    assertThat(all).hasSize(100 << 20);
    for (int at = 0; at < all.length; at += 32 << 10) {
      boolean written = at < 64 << 10 || within(at, 33) || within(at, 99);
      assertThat(all[at]).as("byte %d", at).isEqualTo((byte) (written ? 0x5a : 0));
    }
    assertThat(Disk.of(file).size()).isEqualTo(Size.parseBinary("100m"));
  }

  @ParameterizedTest
  @NeedsTool(value = "qemu-img", from = "qemu-utils")
  @CsvSource({
    "RAW,  FIXED,   raw",
    "VHD,  FIXED,   vpc",
    "VHD,  DYNAMIC, vpc",
    "VHDX, FIXED,   vhdx",
    "VHDX, DYNAMIC, vhdx",
  })
  void what_a_raw_image_holds_is_in_the_disk_made_of_it(
      DiskFormat format, DiskKind kind, String qemu) throws Exception {
    Path raw = file.resolveSibling("raw");
    byte[] content = new byte[70 << 20];
    List<Extent> data = new ArrayList<>();
    Random random = new Random(7);
    for (int at : new int[] {0, 2 << 20, (33 << 20) + 512, (63 << 20) + 4096, (70 << 20) - 512}) {
      int length = Math.min((3 << 20) + 1024, content.length - at);
      byte[] piece = new byte[length];
      random.nextBytes(piece);
      System.arraycopy(piece, 0, content, at, length);
    }
    data.add(new Extent(0, 6 << 20));
    data.add(new Extent(33 << 20, 4 << 20));
    data.add(new Extent(63 << 20, 7 << 20));
    Files.write(raw, content);

    BlankDisk disk = new BlankDisk(format, kind, Size.parseBinary("70m"));
    writer.filled(file, disk, new DiskContent(raw, data));

    Path back = file.resolveSibling("back");
    var _ = Tool.run("qemu-img", "convert", "-f", qemu, "-O", "raw", "" + file, "" + back);
    assertThat(Files.mismatch(raw, back)).isEqualTo(-1);
    if (format == DiskFormat.VHDX) {
      var _ = Tool.run("qemu-img", "check", "-f", qemu, file.toString());
    }
  }

  private static boolean within(int at, int mebibyte) {
    return at >= mebibyte << 20 && at < (mebibyte << 20) + (64 << 10);
  }

  @ParameterizedTest
  @NeedsTool(value = "vhdiinfo", from = "libvhdi-utils")
  @CsvSource({
    "VHD,  FIXED,   512,  3m",
    "VHD,  FIXED,   512,  2040g",
    "VHD,  DYNAMIC, 512,  3m",
    "VHD,  DYNAMIC, 512,  2040g",
    "VHDX, FIXED,   512,  3m",
    "VHDX, FIXED,   4096, 3m",
    "VHDX, FIXED,   512,  4t",
    "VHDX, FIXED,   4096, 4t",
    "VHDX, DYNAMIC, 512,  3m",
    "VHDX, DYNAMIC, 4096, 3m",
    "VHDX, DYNAMIC, 512,  4294967808",
    "VHDX, DYNAMIC, 4096, 34359742464",
    "VHDX, DYNAMIC, 512,  64t",
    "VHDX, DYNAMIC, 4096, 64t",
  })
  void libvhdi_accepts_it(DiskFormat format, DiskKind kind, int sector, String size)
      throws Exception {
    writer.blank(file, new BlankDisk(format, kind, Size.parseBinary(size), sector));

    assertThat(Tool.run("vhdiinfo", file.toString()))
        .containsIgnoringCase(kind.word())
        .contains(Long.toString(Size.parseBinary(size).bytes()))
        .contains(Disk.of(file).linkage().orElseThrow().toString());
  }

  @ParameterizedTest
  @NeedsTool(value = "vhdiinfo", from = "libvhdi-utils")
  @CsvSource({
    "VHD,  FIXED,   512,  3m",
    "VHD,  DYNAMIC, 512,  2040g",
    "VHDX, FIXED,   512,  3m",
    "VHDX, FIXED,   4096, 3m",
    "VHDX, DYNAMIC, 512,  20g",
    "VHDX, DYNAMIC, 4096, 20g",
    "VHDX, DYNAMIC, 512,  64t",
    "VHDX, DYNAMIC, 4096, 64t",
  })
  void libvhdi_finds_the_parent_of_a_child(
      DiskFormat format, DiskKind kind, int sector, String size) throws Exception {
    Path base = file.resolveSibling("base");
    writer.blank(base, new BlankDisk(format, kind, Size.parseBinary(size), sector));
    writer.differencing(file, base);

    assertThat(Tool.run("vhdiinfo", file.toString()))
        .containsIgnoringCase("differential")
        .contains(Long.toString(Size.parseBinary(size).bytes()))
        .contains(Disk.of(base).linkage().orElseThrow().toString());
  }

  /** QEMU does not read differencing VHDX, and reads only a VHD's own sectors. */
  @ParameterizedTest
  @NeedsTool(value = "qemu-img", from = "qemu-utils")
  @CsvSource({"3m", "2040g"})
  void qemu_accepts_a_differencing_vhd(String size) throws Exception {
    Path base = file.resolveSibling("base");
    writer.blank(base, new BlankDisk(DiskFormat.VHD, DiskKind.DYNAMIC, Size.parseBinary(size)));
    writer.differencing(file, base);

    assertThat(Tool.run("qemu-img", "info", "--output=json", "-f", "vpc", file.toString()))
        .contains("\"virtual-size\": " + Size.parseBinary(size).bytes());
  }

  @Test
  @NeedsTool(value = "qemu-io", from = "qemu-utils")
  void a_parent_that_was_written_to_is_not_taken() throws Exception {
    Path base = file.resolveSibling("base");
    writer.blank(base, new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("1g")));
    writer.differencing(file, base);
    assertThat(DiskChain.of(file).links()).hasSize(2);

    var _ = Tool.run("qemu-io", "-f", "vhdx", "-c", "write 0 64k", base.toString());

    assertThat(catchThrowable(() -> DiskChain.of(file)))
        .isInstanceOf(DiskException.class)
        .hasMessageContaining("was replaced or written");
  }

  @ParameterizedTest
  @NeedsRoot
  @NeedsKernel({"loop", "ext4"})
  @NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
  @CsvSource({"VHD", "VHDX"})
  void a_fixed_disk_can_be_mounted_through_a_loop_device(DiskFormat format) throws Exception {
    Size size = Size.parseBinary("64m");
    writer.blank(file, new BlankDisk(format, DiskKind.FIXED, size));
    long at = Disk.of(file).contiguous().orElseThrow();
    Path mount = Files.createDirectory(file.resolveSibling("mount"));
    String device =
        Tool.run(
                "losetup",
                "--find",
                "--show",
                "--offset",
                Long.toString(at),
                "--sizelimit",
                Long.toString(size.bytes()),
                file.toString())
            .strip();
    try {
      var _ = Tool.run("mkfs.ext4", "-q", device);
      var _ = Tool.run("mount", device, mount.toString());
      Files.writeString(mount.resolve("hello"), "kept");
      var _ = Tool.run("umount", mount.toString());
    } finally {
      var _ = Tool.run("losetup", "--detach", device);
    }

    assertThat(Disk.of(file).size()).isEqualTo(size);
    assertThat(Disk.of(file).contiguous()).hasValue(at);
  }

  @ParameterizedTest
  @NeedsTool(value = "qemu-img", from = "qemu-utils")
  @CsvSource({
    "qcow2, QCOW2, DYNAMIC",
    "vhdx,  VHDX,  DYNAMIC",
    "vpc,   VHD,   DYNAMIC",
    "raw,   RAW,   FIXED",
  })
  void what_qemu_makes_is_read(String qemu, DiskFormat format, DiskKind kind) throws Exception {
    var _ = Tool.run("qemu-img", "create", "-q", "-f", qemu, file.toString(), "1032192k");

    Disk disk = Disk.of(file);
    assertThat(disk.format()).isEqualTo(format);
    assertThat(disk.kind()).isEqualTo(kind);
    assertThat(Tool.run("qemu-img", "info", "--output=json", "-f", qemu, file.toString()))
        .contains("\"virtual-size\": " + disk.size().bytes());
  }

  @Test
  @NeedsTool(value = "qemu-img", from = "qemu-utils")
  void a_raw_parent_is_not_taken_for_what_it_pretends_to_be() throws Exception {
    Path base =
        Files.write(file.resolveSibling("base"), Qcow2Bytes.header(2, 1 << 20, "/etc/passwd"));
    var _ =
        Tool.run(
            "qemu-img", "create", "-q", "-f", "qcow2", "-b", "base", "-F", "raw", file.toString());

    assertThat(DiskChain.of(file).links()).hasSize(2);
    assertThat(DiskChain.of(file).parents().getFirst().disk().format()).isEqualTo(DiskFormat.RAW);
    assertThat(base).exists();
  }

  @Test
  @NeedsTool(value = "qemu-img", from = "qemu-utils")
  void an_image_with_its_data_in_another_file_is_refused() throws Exception {
    var _ =
        Tool.run(
            "qemu-img",
            "create",
            "-q",
            "-f",
            "qcow2",
            "-o",
            "data_file=" + file.resolveSibling("data"),
            file.toString(),
            "1m");

    assertThat(catchThrowable(() -> Disk.of(file)))
        .hasMessage(file + ": its data is in an external file");
  }

  @Test
  @NeedsTool(value = "qemu-img", from = "qemu-utils")
  void a_chain_that_qemu_makes_is_followed() throws Exception {
    Path base = file.resolveSibling("base");
    var _ = Tool.run("qemu-img", "create", "-q", "-f", "qcow2", base.toString(), "1g");
    var _ =
        Tool.run(
            "qemu-img",
            "create",
            "-q",
            "-f",
            "qcow2",
            "-b",
            "base",
            "-F",
            "qcow2",
            file.toString());

    assertThat(DiskChain.of(file).parents()).extracting(DiskChain.Link::file).containsExactly(base);
  }
}
