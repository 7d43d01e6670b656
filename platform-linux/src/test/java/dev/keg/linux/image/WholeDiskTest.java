package dev.keg.linux.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.disk.DiskWriter;
import dev.keg.driver.Disks.OpenDisk;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.linux.kernel.FakeKernel;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WholeDiskTest {
  private final FakeKernel kernel = new FakeKernel();
  private final DiskWriter writer = new DiskWriter(UUID::randomUUID, Clock.systemUTC());
  @TempDir private Path directory;
  private VolumeHome home;
  private Path stage;
  private WholeDisk whole;

  @BeforeEach
  void volume() throws IOException {
    home = new VolumeHome(Files.createDirectory(directory.resolve("home")));
    stage = Files.createDirectory(home.file("restore-disk"));
    NbdDevices nbd =
        new NbdDevices(
            kernel.tools,
            new NbdDevices.Host(
                directory.resolve("sys"), directory.resolve("proc"), directory.resolve("dev")));
    whole = new WholeDisk(kernel.kernel(), nbd, new DiskChildren(_ -> Optional.empty()), name());
  }

  private static VolumeName name() {
    return new VolumeName("vm");
  }

  private void blank(Path file, DiskFormat format) throws IOException {
    writer.blank(file, new BlankDisk(format, DiskKind.DYNAMIC, new Size(8 << 20)));
  }

  private DiskFile current() throws IOException {
    return DiskFile.in(home).orElseThrow();
  }

  @Test
  void a_disk_has_files_if_a_file_system_begins_it() throws IOException {
    blank(home.file("disk.raw"), DiskFormat.RAW);
    assertThat(whole.whyNoFiles(current()))
        .hasValue("there is no file system at the start of the disk");

    Files.write(home.file("disk.raw"), "XFSB".getBytes(US_ASCII));
    assertThat(whole.whyNoFiles(current())).isEmpty();

    Files.write(home.file("disk.raw"), "...NTFS    ".getBytes(US_ASCII));
    assertThat(whole.whyNoFiles(current()).orElseThrow()).contains("access control lists");
  }

  @Test
  void files_in_a_format_that_this_kernel_cannot_connect_are_not_read() throws IOException {
    blank(home.file("disk.vhdx"), DiskFormat.VHDX);

    assertThat(whole.whyNoFiles(current())).hasValue("this kernel has no nbd");
  }

  @Test
  void an_adopted_disk_is_saved_under_the_name_of_a_volume_s_disk() throws IOException {
    Path other = directory.resolve("windows.img");
    blank(other, DiskFormat.RAW);
    Files.createSymbolicLink(home.file("disk.raw"), other);

    try (OpenDisk open = whole.open(current(), home)) {
      assertThat(open.directory()).isEqualTo(directory);
      assertThat(open.files()).isEqualTo(Map.of("disk.raw", "windows.img"));
    }
  }

  @Test
  void a_restored_disk_is_for_its_owner_alone() throws IOException {
    blank(stage.resolve("disk.vhdx"), DiskFormat.VHDX);

    whole.replace(home, stage);

    assertThat(current().format()).isEqualTo(DiskFormat.VHDX);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(current().path())))
        .isEqualTo("rw-------");
    assertThat(home.data()).isDirectory();
    assertThat(stage).isEmptyDirectory();
  }

  @Test
  void an_adopted_disk_is_replaced_in_place() throws IOException {
    Path other = directory.resolve("windows.img");
    Files.writeString(other, "before");
    Files.createSymbolicLink(home.file("disk.raw"), other);
    Files.writeString(stage.resolve("disk.raw"), "restored");
    Path draft = Files.writeString(directory.resolve(".windows.img.keg-copy"), "half");
    DiskCopies copies = new DiskCopies(kernel.kernel());
    assertThat(copies.abandoned(current(), home)).hasValue(draft);

    whole.replace(home, stage);

    assertThat(Files.readString(other)).isEqualTo("restored");
    assertThat(current().path()).isEqualTo(other);
    assertThat(draft).doesNotExist();
  }

  @Test
  void what_leads_out_of_an_archive_is_refused() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "of the host");
    Files.createSymbolicLink(stage.resolve("disk.raw"), secret);
    assertThatThrownBy(() -> whole.replace(home, stage))
        .isInstanceOf(DiskException.class)
        .hasMessageContaining("not part of a disk");

    Files.delete(stage.resolve("disk.raw"));
    Path base = directory.resolve("host.vhd");
    blank(base, DiskFormat.VHD);
    writer.differencing(stage.resolve("disk.vhd"), base);
    assertThatThrownBy(() -> whole.replace(home, stage))
        .isInstanceOf(DiskException.class)
        .hasMessageContaining("refers to");
    assertThat(DiskFile.in(home)).isEmpty();
  }

  @Test
  void a_disk_is_not_replaced_by_one_of_another_format_or_by_two() throws IOException {
    blank(home.file("disk.raw"), DiskFormat.RAW);
    blank(stage.resolve("disk.vhdx"), DiskFormat.VHDX);
    assertThatThrownBy(() -> whole.replace(home, stage))
        .isInstanceOf(NotSupported.class)
        .hasMessageContaining("of another kind");

    Files.createFile(stage.resolve("disk.raw"));
    assertThatThrownBy(() -> whole.replace(home, stage)).hasMessageContaining("2 disks");
    assertThat(List.of(home.file("disk.vhdx"))).noneMatch(Files::exists);
  }
}
