package dev.keg.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.ptr.PointerByReference;
import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.volume.Size;
import dev.keg.windows.win32.VirtualDisks.Access;
import dev.keg.windows.win32.dll.VirtDisk.OPEN_VIRTUAL_DISK_PARAMETERS;
import dev.keg.windows.win32.dll.VirtDisk.VIRTUAL_STORAGE_TYPE;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of VirtDisk that the fake follows, so that tests on it are meaningful. */
final class FakeWindowsTest {
  private static final BlankDisk DISK =
      new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("64m"));

  private FakeWindows fake;
  private VirtualDisks disks;
  private Path file;

  @BeforeEach
  void disk(@TempDir Path contents, @TempDir Path dir) throws Win32Exception {
    fake = new FakeWindows(contents);
    disks = new VirtualDisks(fake);
    file = dir.resolve("disk.vhdx");
    disks.create(file, DISK);
  }

  @ParameterizedTest
  @CsvSource({"2, 0, 0", "2, 0x3f0000, 0x57", "1, 0, 0x57", "1, 0x3f0000, 0x57"})
  void version_2_requires_no_access_mask(int version, String mask, String code) {
    var parameters = new OPEN_VIRTUAL_DISK_PARAMETERS();
    parameters.Version = version;

    int actual =
        fake.virtDisk()
            .OpenVirtualDisk(
                new VIRTUAL_STORAGE_TYPE(),
                WideString.of(file.toString()),
                Integer.decode(mask),
                0,
                parameters,
                new PointerByReference());

    assertThat(actual).isEqualTo(Integer.decode(code));
  }

  @Test
  void a_disk_is_attached_once() throws Win32Exception {
    var _ = disks.attach(file, Access.READ_WRITE);

    assertThatThrownBy(() -> disks.attach(file, Access.READ_WRITE))
        .isInstanceOfSatisfying(
            Win32Exception.class,
            e -> assertThat(e.code()).isEqualTo(Win32Error.SHARING_VIOLATION));
  }

  @Test
  void a_disk_without_permanent_lifetime_goes_with_its_handle() throws Win32Exception {
    try (VirtualDisks.AttachedDisk _ = disks.hold(file)) {
      assertThat(disks.attached(file)).isPresent();
    }
    assertThat(disks.attached(file)).isEmpty();

    var _ = disks.attach(file, Access.READ_WRITE);
    assertThat(disks.attached(file)).isPresent();
  }

  @Test
  void a_child_of_a_parent_that_was_written_to_is_refused() throws Win32Exception {
    Path child = file.resolveSibling("child.vhdx");
    disks.differencing(child, file);
    var _ = disks.attach(file, Access.READ_WRITE);
    disks.detach(file);

    assertThatThrownBy(() -> disks.attach(child, Access.READ_WRITE))
        .isInstanceOfSatisfying(
            Win32Exception.class,
            e -> assertThat(e.code()).isEqualTo(Win32Error.VHD_PARENT_ID_MISMATCH));
  }

  @Test
  void a_parent_that_was_only_read_is_the_same() throws Win32Exception {
    Path child = file.resolveSibling("child.vhdx");
    disks.differencing(child, file);
    var _ = disks.attach(file, Access.READ_ONLY);
    disks.detach(file);

    var _ = disks.attach(child, Access.READ_WRITE);
    assertThat(disks.attached(child)).isPresent();
  }

  @Test
  void what_is_not_there_or_no_disk_is_refused() throws Exception {
    assertThatThrownBy(() -> disks.create(file, DISK)).hasMessageEndingWith("file exists");
    Path text = Files.writeString(file.resolveSibling("text.vhdx"), "no disk");
    assertThatThrownBy(() -> disks.attached(text)).hasMessageEndingWith("not a virtual disk");
    assertThatThrownBy(() -> disks.attached(file.resolveSibling("missing.vhdx")))
        .hasMessageEndingWith("no such file or directory");
    assertThatThrownBy(() -> disks.detach(file)).hasMessageEndingWith("the device is not ready");
  }

  @Test
  void an_attached_disk_neither_grows_nor_is_compacted() throws Win32Exception {
    disks.compact(file);
    disks.expand(file, Size.parseBinary("65m"));
    assertThat(disks.size(file)).isEqualTo(Size.parseBinary("65m"));
    var _ = disks.attach(file, Access.READ_WRITE);

    assertThatThrownBy(() -> disks.compact(file)).isInstanceOf(Win32Exception.class);
    assertThatThrownBy(() -> disks.expand(file, Size.parseBinary("66m")))
        .isInstanceOf(Win32Exception.class);
  }
}
