package dev.keg.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.attachment.MountIdentity;
import dev.keg.attachment.MountTable;
import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.volume.Size;
import dev.keg.windows.driver.ShownDisk;
import dev.keg.windows.win32.FakeWindows;
import dev.keg.windows.win32.Grants;
import dev.keg.windows.win32.VirtualDisks;
import dev.keg.windows.win32.VolumeFormat;
import dev.keg.windows.win32.Windows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WindowsMountTableTest {
  @TempDir Path directory;

  @Test
  void a_directory_with_a_volume_on_it_is_mounted() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));

    assertThat(new WindowsMountTable(data::equals, Set::of, this::fake).isMounted(data.toString()))
        .isTrue();
    assertThat(new WindowsMountTable().isMounted(data.toString())).isFalse();
    assertThat(new WindowsMountTable().isMounted(data.resolve("gone").toString())).isFalse();
  }

  @Test
  void a_volume_that_cannot_be_read_is_still_mounted() throws Exception {
    Path unreadable = Files.createFile(directory.resolve("unreadable"));

    assertThat(WindowsMountTable.isDangling(unreadable)).isFalse();
    assertThat(WindowsMountTable.isDangling(directory)).isFalse();
    assertThat(WindowsMountTable.isDangling(directory.resolve("detached"))).isTrue();
  }

  private FakeWindows fake() {
    return new FakeWindows(directory);
  }

  @Test
  void each_boot_has_an_id_of_its_own_that_setting_the_clock_does_not_change() {
    FakeWindows windows = fake();
    String before = table(windows).bootId();

    windows.setClock(36_000_000_000L);
    assertThat(table(windows).bootId()).isEqualTo(before).isNotEmpty();
    windows.reboot();
    assertThat(table(windows).bootId()).isNotEqualTo(before);
  }

  private static WindowsMountTable table(FakeWindows windows) {
    return new WindowsMountTable(_ -> false, Set::of, () -> windows);
  }

  @Test
  void without_an_answer_it_fails_rather_than_to_take_every_mount_for_gone() {
    FakeWindows windows = fake();
    windows.faults().failAt(1);

    assertThatThrownBy(() -> table(windows).bootId()).isInstanceOf(MountFailed.class);
  }

  private ShownDisk disk(Windows seam, Path data) throws Exception {
    Path file = directory.resolve("disk.vhdx");
    seam.disks()
        .create(file, new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("64m")));
    ShownDisk disk = new ShownDisk(seam, file, data);
    disk.format(VolumeFormat.NTFS, "db", Grants.NONE, ShownDisk.VolumeWork.NONE);
    return disk;
  }

  @Test
  void what_is_mounted_in_the_place_of_a_mount_is_not_that_mount() throws Exception {
    FakeWindows windows = fake();
    Windows seam = new Windows(windows);
    WindowsMountTable table = table(windows);
    Path data = Files.createDirectory(directory.resolve("_data"));
    Path other = Files.createDirectory(directory.resolve("other"));
    ShownDisk disk = disk(seam, data);
    disk.show(VirtualDisks.Access.READ_WRITE, ShownDisk.VolumeWork.NONE);
    seam.mountPoints().show(other, Path.of("Y:\\"));
    MountIdentity mount = table.identity(data).orElseThrow();
    MountIdentity letter = table.identity(Path.of("Y:\\")).orElseThrow();

    assertThat(table.find(mount, data)).contains(data);
    assertThat(table.find(letter, Path.of("Y:\\"))).contains(Path.of("Y:\\"));
    assertThat(table.find(mount, other)).isEmpty();
    windows.faults().failAt(1);
    assertThat(table.find(mount, other)).contains(other);
    windows.faults().heal();
    disk.hide();
    seam.mountPoints().show(other, data);
    seam.mountPoints().hide(Path.of("Y:\\"));
    assertThat(table.find(mount, data)).isEmpty();
    assertThat(table.find(letter, Path.of("Y:\\"))).isEmpty();
    assertThat(table.identity(Path.of("\\\\server\\share"))).isEmpty();
    seam.mountPoints().hide(data);
  }

  @Test
  void the_places_of_all_volumes_are_listed() throws Exception {
    FakeWindows windows = fake();
    Path data = Files.createDirectory(directory.resolve("_data"));
    Windows seam = new Windows(windows);
    ShownDisk disk = disk(seam, data);
    assertThat(table(windows).mounts()).isEmpty();

    disk.show(VirtualDisks.Access.READ_WRITE, ShownDisk.VolumeWork.NONE);
    seam.mountPoints().mount(seam.mountPoints().mounted(data).orElseThrow(), Path.of("X:\\"));

    assertThat(table(windows).mounts())
        .extracting(MountTable.MountPoint::target)
        .containsExactlyInAnyOrder(data, Path.of("X:\\"));
    windows.faults().failAt(1);
    assertThatThrownBy(() -> table(windows).mounts()).isInstanceOf(MountFailed.class);
    windows.faults().heal();
    seam.mountPoints().unmount(Path.of("X:\\"));
    disk.hide();
    assertThat(table(windows).mounts()).isEmpty();
  }

  @Test
  void a_drive_letter_is_mounted_while_windows_lists_it() {
    Set<Path> drives = Set.of(Path.of("X:\\"));

    var table = new WindowsMountTable(_ -> false, () -> drives, this::fake);

    assertThat(table.isMounted("X:\\")).isTrue();
    assertThat(table.isMounted("X:")).isTrue();
    assertThat(table.isMounted("Y:\\")).isFalse();
  }

  @Test
  void a_share_is_mounted_as_long_as_it_is_recorded() {
    assertThat(new WindowsMountTable().isMounted("\\\\server\\share")).isTrue();
  }
}
