package dev.keg.linux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.disk.DiskWriter;
import dev.keg.driver.Disks.OpenDisk;
import dev.keg.linux.kernel.FakeKernel;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskCopiesTest {
  private final FakeKernel kernel = new FakeKernel();
  private final DiskCopies copies = new DiskCopies(kernel.kernel());
  @TempDir private Path directory;
  private VolumeHome home;
  private Path guests;

  @BeforeEach
  void make() throws IOException {
    home = new VolumeHome(Files.createDirectory(directory.resolve("home")));
    guests = Files.createDirectory(directory.resolve("guests"));
  }

  private DiskFile disk() throws IOException {
    Path file = guests.resolve("disk");
    new DiskWriter(UUID::randomUUID, Clock.systemUTC())
        .blank(file, new BlankDisk(DiskFormat.RAW, DiskKind.DYNAMIC, new Size(4 << 20)));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
    return new DiskFile(file, DiskFormat.RAW);
  }

  @Test
  void a_copy_is_an_empty_disk_beside_the_disk_until_it_is_closed() throws Exception {
    DiskFile disk = disk();
    Path copy = guests.resolve(".disk.keg-copy");
    Files.writeString(copy, "a killed command's");

    try (OpenDisk _ = copies.make(disk, home, disk.format())) {
      assertThat(copy).hasSize(4 << 20);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
          .isEqualTo("rw-rw----");
      assertThatThrownBy(() -> copies.make(disk, home, disk.format()))
          .isInstanceOf(DiskException.class);
      assertThat(copy).exists();
    }
    assertThat(copy).doesNotExist();
  }

  @Test
  void only_a_copy_that_nobody_makes_is_abandoned() throws Exception {
    DiskFile disk = disk();
    Path copy = guests.resolve(".disk.keg-copy");
    assertThat(copies.abandoned(disk, home)).isEmpty();

    try (OpenDisk _ = copies.make(disk, home, disk.format())) {
      assertThat(copies.abandoned(disk, home)).isEmpty();
      copies.removeAbandoned(disk, home);
      assertThat(copy).exists();
    }
    Files.createFile(copy);
    assertThat(copies.abandoned(disk, home)).contains(copy);
    copies.removeAbandoned(disk, home);
    assertThat(copy).doesNotExist();
  }

  /** QEMU's programs follow links, and the machine's user may write beside the disk. */
  @Test
  void a_link_in_the_place_of_the_copy_leads_nowhere() throws Exception {
    DiskFile disk = new DiskFile(disk().path(), DiskFormat.QCOW2);
    Files.write(disk.path(), qcow2());
    Path victim = Files.writeString(directory.resolve("victim"), "of root");
    Path copy = guests.resolve(".disk.keg-copy");
    kernel.tools.programs.put(
        "qemu-img",
        tool -> {
          try {
            Files.createSymbolicLink(copy, victim);
            Files.writeString(Path.of(tool.arguments().get(4)), "new");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return "";
        });

    assertThatThrownBy(() -> copies.make(disk, home, disk.format()))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(victim).hasContent("of root");
    assertThat(copy).doesNotExist();
  }

  private static byte[] qcow2() {
    return ByteBuffer.allocate(512)
        .putInt(0x514649fb) // QFI\xfb
        .putInt(2)
        .putLong(0)
        .putInt(0)
        .putInt(16)
        .putLong(1 << 20)
        .array();
  }
}
