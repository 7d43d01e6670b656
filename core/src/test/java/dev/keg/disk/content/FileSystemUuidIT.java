package dev.keg.disk.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.disk.DiskFormat;
import dev.keg.disk.Tool;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsTool;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The UUIDs equal those of blkid for each disk format of QEMU. */
class FileSystemUuidIT {
  @RegisterExtension final MachineState machine = new MachineState();

  @ParameterizedTest
  @NeedsTool(value = "blkid", from = "util-linux")
  @NeedsTool(value = "qemu-img", from = "qemu-utils")
  @NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
  @NeedsTool(value = "mkfs.xfs", from = "xfsprogs")
  @NeedsTool(value = "mkfs.btrfs", from = "btrfs-progs")
  @NeedsTool(value = "mkfs.vfat", from = "dosfstools")
  @NeedsTool(value = "mkntfs", from = "ntfs-3g")
  @CsvSource({
    "mkfs.ext4 -q -F",
    "mkfs.xfs -q",
    "mkfs.btrfs -q",
    "mkswap -q",
    "mkfs.vfat -F 16",
    "mkfs.vfat -F 32",
    "mkntfs -F -q -Q",
  })
  void a_file_system_has_the_uuid_that_blkid_prints(String mkfs) throws Exception {
    Path raw = machine.directory().resolve("disk");
    Tool.run("truncate", "-s", "320m", raw.toString());
    try {
      Tool.run("sh", "-c", mkfs + " " + raw);
    } catch (AssertionError e) {
      boolean blind = String.valueOf(e.getMessage()).contains("cannot check mount status");
      Assumptions.assumeFalse(blind, "mkfs.btrfs may not look at the disks that are mounted here");
      throw e;
    }
    String uuid = Tool.run("blkid", "-p", "-s", "UUID", "-o", "value", raw.toString()).strip();

    assertThat(FileSystemUuid.find(raw, DiskFormat.RAW)).contains(uuid);
    assertThat(in(raw, "qcow2", "", DiskFormat.QCOW2)).contains(uuid);
    assertThat(in(raw, "qcow2", "-c", DiskFormat.QCOW2)).contains(uuid);
    assertThat(in(raw, "qcow2", "-o extended_l2=on", DiskFormat.QCOW2)).contains(uuid);
    assertThat(in(raw, "qcow2", "-o compat=0.10,cluster_size=512", DiskFormat.QCOW2))
        .contains(uuid);
    assertThat(in(raw, "vhdx", "", DiskFormat.VHDX)).contains(uuid);
    assertThat(in(raw, "vpc", "-o force_size=on", DiskFormat.VHD)).contains(uuid);
    assertThat(in(raw, "vpc", "-o subformat=fixed,force_size=on", DiskFormat.VHD)).contains(uuid);
  }

  private static Optional<String> in(Path raw, String format, String options, DiskFormat read)
      throws Exception {
    Path image = raw.resolveSibling("image");
    Tool.run(
        "sh",
        "-c",
        "qemu-img convert -f raw -O %s %s %s %s".formatted(format, options, raw, image));
    return FileSystemUuid.find(image, read);
  }
}
