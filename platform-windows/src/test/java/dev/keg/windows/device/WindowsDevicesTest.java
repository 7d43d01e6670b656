package dev.keg.windows.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.activity.Counters;
import dev.keg.activity.Device;
import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.volume.Size;
import dev.keg.windows.driver.ShownDisk;
import dev.keg.windows.win32.FakeWindows;
import dev.keg.windows.win32.Grants;
import dev.keg.windows.win32.VirtualDisks;
import dev.keg.windows.win32.VolumeFormat;
import dev.keg.windows.win32.Windows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WindowsDevicesTest {
  @TempDir Path root;

  @Test
  void a_file_is_on_the_disk_whose_volume_is_mounted_above_it(@TempDir Path contents)
      throws Exception {
    FakeWindows fake = new FakeWindows(contents);
    Windows windows = new Windows(fake);
    Path file = root.resolve("disk.vhdx");
    Path data = Files.createDirectory(root.resolve("_data"));
    windows
        .disks()
        .create(file, new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("64m")));
    ShownDisk disk = new ShownDisk(windows, file, data);
    disk.format(VolumeFormat.NTFS, "db", Grants.NONE, ShownDisk.VolumeWork.NONE);
    disk.show(VirtualDisks.Access.READ_WRITE, ShownDisk.VolumeWork.NONE);

    Device found = new WindowsDevices(() -> fake).below(data.resolve("table")).orElseThrow();

    assertThat(found.name()).isEqualTo("PhysicalDrive2");
    assertThat(found.counters())
        .contains(
            new Counters(4_294_967_295L, 4096, 2, 8192, OptionalLong.of(7), OptionalLong.of(8)));
    disk.hide();
    assertThat(found.counters()).isEmpty();
  }

  @Test
  void nothing_is_counted_for_a_share_or_where_windows_does_not_answer() {
    FakeWindows fake = new FakeWindows(root);
    WindowsDevices devices = new WindowsDevices(() -> fake);

    assertThat(devices.below(Path.of("\\\\server\\share"))).isEmpty();
    fake.faults().failAt(1);
    assertThat(devices.below(root)).isEmpty();
  }
}
