package dev.keg.windows.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.error.VolumeException;
import dev.keg.mountspec.Access;
import dev.keg.publish.MountContent;
import dev.keg.publish.ResolvedTarget;
import dev.keg.publish.Target;
import dev.keg.volume.Size;
import dev.keg.windows.driver.ShownDisk;
import dev.keg.windows.win32.FakeWindows;
import dev.keg.windows.win32.Grants;
import dev.keg.windows.win32.VirtualDisks;
import dev.keg.windows.win32.VolumeFormat;
import dev.keg.windows.win32.Windows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WindowsPublisherTest {
  @TempDir Path root;
  private Path links;
  private FakeWindows fake;
  private Windows windows;
  private WindowsPublisher publisher;
  private Path data;
  private Path plain;
  private Path place;
  private ShownDisk disk;

  @BeforeEach
  void disk(@TempDir Path contents) throws Exception {
    links = root.resolve("links");
    fake = new FakeWindows(contents);
    windows = new Windows(fake);
    publisher = new WindowsPublisher(windows, links, new HashSet<>());
    Path file = root.resolve("disk.vhdx");
    data = Files.createDirectory(root.resolve("_data"));
    plain = Files.createDirectories(root.resolve("plain/sub")).resolveSibling("");
    place = Files.createDirectory(root.resolve("place"));
    windows
        .disks()
        .create(file, new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("64m")));
    disk = new ShownDisk(windows, file, data);
    disk.format(VolumeFormat.NTFS, "db", Grants.NONE, ShownDisk.VolumeWork.NONE);
  }

  private ResolvedTarget site(String path) {
    return publisher.resolve(Target.onHost(path));
  }

  private void publish(Path source, String subpath, String target, boolean readOnly) {
    publisher.publish(
        new MountContent.Tree(source, subpath),
        site(target),
        Access.DEFAULT.withReadOnly(readOnly));
  }

  @Test
  void a_disk_is_mounted_on_several_directories_and_a_letter() throws Exception {
    disk.show(VirtualDisks.Access.READ_WRITE, ShownDisk.VolumeWork.NONE);
    Path second = Files.createDirectory(root.resolve("second"));

    publish(data, "", place.toString(), false);
    publish(data, "", second.toString(), false);
    publish(data, "", "X:", false);

    Files.writeString(data.resolve("table"), "rows");
    assertThat(place.resolve("table")).hasContent("rows");
    assertThat(second.resolve("table")).hasContent("rows");
    assertThat(fake.standing()).contains("mounted X:\\", "mounted " + place, "mounted " + second);
    publisher.withdraw(Path.of("X:\\"), false);
    publisher.withdraw(place, false);
    publisher.withdraw(second, true);
    disk.hide();
    assertThat(fake.standing()).isEmpty();
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void a_directory_and_a_part_of_a_disk_are_shown_by_junctions_and_letters() throws Exception {
    publish(plain, "", place.toString(), false);
    publish(plain, "sub", "Y:\\", false);

    assertThat(place.resolve("sub")).isDirectory();
    assertThat(fake.standing())
        .containsExactly("letter Y: \\??\\" + plain.resolve("sub"), "linked " + place);
    publisher.withdraw(place, false);
    publisher.withdraw(Path.of("Y:\\"), false);
    publisher.withdraw(place, false);
    publisher.withdraw(Path.of("Y:\\"), false);
    assertThat(fake.standing()).isEmpty();
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void an_older_windows_mounts_only_a_disk_read_only_that_nobody_writes_to() throws Exception {
    fake.hasBindLinks = false;
    assertRefused(() -> publish(plain, "", place.toString(), true), "only whole disks read-only");
    disk.show(VirtualDisks.Access.READ_WRITE, ShownDisk.VolumeWork.NONE);
    assertRefused(() -> publish(data, "", place.toString(), true), "only whole disks read-only");
    disk.hide();

    disk.show(VirtualDisks.Access.READ_ONLY, ShownDisk.VolumeWork.NONE);
    publish(data, "", place.toString(), true);

    publisher.withdraw(place, false);
    disk.hide();
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void a_directory_and_a_disk_that_others_write_to_are_shown_read_only() throws Exception {
    disk.show(VirtualDisks.Access.READ_WRITE, ShownDisk.VolumeWork.NONE);
    Path second = Files.createDirectory(root.resolve("second"));

    publish(plain, "", place.toString(), true);
    publish(data, "", second.toString(), true);
    publish(plain, "sub", "Y:", true);

    assertThat(fake.standing())
        .contains(
            "read-only " + plain,
            "read-only " + data,
            "read-only " + plain.resolve("sub"),
            "linked " + place,
            "linked " + second);
    assertThat(place.resolve("sub")).isDirectory();
    assertThat(isDangling(place)).isFalse();
    publisher.withdraw(place, false);
    publisher.withdraw(second, false);
    publisher.withdraw(Path.of("Y:\\"), false);
    publisher.withdraw(place, false);
    disk.hide();
    assertThat(fake.standing()).isEmpty();
    assertThat(place).isEmptyDirectory();
    assertThat(links).isEmptyDirectory();
  }

  /** What remains is a junction to nowhere, which another mount replaces. */
  @Test
  void a_read_only_mount_ends_with_a_reboot() {
    publish(plain, "", place.toString(), true);
    fake.reboot();
    assertThat(fake.standing()).containsExactly("linked " + place);
    assertThat(isDangling(place)).isTrue();

    publish(plain, "sub", place.toString(), false);

    assertThat(fake.standing()).containsExactly("linked " + place);
    publish(plain, "", "Y:", true);
    publisher.withdraw(place, false);
    publisher.withdraw(Path.of("Y:\\"), false);
    assertThat(fake.standing()).isEmpty();
  }

  /** After a reboot, junctions lead to the places of the links. */
  @Test
  void only_administrators_may_make_something_where_the_links_are() throws Exception {
    publish(plain, "", place.toString(), true);
    assertThat(fake.files().descriptor(links))
        .isEqualTo("O:BAG:BAD:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)");
    publish(plain, "sub", "Y:", true);
    publisher.withdraw(place, false);
    publisher.withdraw(Path.of("Y:\\"), false);

    fake.files().describe(links, "O:S-1-5-21-1-2-3-1000G:SYD:P(A;OICI;FA;;;BA)");
    assertRefused(
        () -> publish(plain, "", place.toString(), true), "users other than administrators");

    Files.delete(links);
    fake.elevated = false;
    assertRefused(() -> publish(plain, "", place.toString(), true), "become the owner");
    assertThat(links).doesNotExist();
    assertThat(fake.standing()).isEmpty();
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void a_part_that_becomes_a_link_meanwhile_is_not_shown_read_only() throws Exception {
    Path sub = plain.resolve("sub");
    fake.beforePinning =
        () ->
            assertThatCode(
                    () -> {
                      Files.delete(sub);
                      Files.createSymbolicLink(sub, root);
                    })
                .doesNotThrowAnyException();

    assertRefused(() -> publish(plain, "sub", place.toString(), true), "leads out");

    assertThat(fake.standing()).isEmpty();
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void a_read_only_mount_leaves_nothing_at_each_call_that_fails() throws Exception {
    for (int call = 1; call < 30; call++) {
      fake.faults().failAt(call);
      try {
        publish(plain, "sub", place.toString(), true);
        assertThat(call).as("calls that were made to fail").isGreaterThan(6);
        return;
      } catch (MountFailed e) {
        fake.faults().heal();
        assertThat(fake.standing()).as("call %d: %s", call, e.getMessage()).isEmpty();
        assertThat(plain.resolve("sub")).isEmptyDirectory();
      }
    }
    throw new AssertionError("it never works");
  }

  @Test
  void what_windows_cannot_mount_is_refused_with_the_reason() throws Exception {
    Path outside = Files.createSymbolicLink(plain.resolve("out"), root);
    Path file = Files.writeString(plain.resolve("file"), "text");

    assertRefused(() -> publish(Path.of("\\\\server\\share"), "", "X:", false), "a share");
    assertRefused(() -> publish(plain, outside.getFileName().toString(), "X:", false), "leads out");
    assertRefused(() -> publish(file, "", "X:", false), "not a directory");
    assertRefused(() -> publisher.resolve(Target.below(root, "C:\\data")), "has no root directory");
    assertRefused(
        () -> publisher.publish(new MountContent.Memory(List.of()), site("X:"), Access.DEFAULT),
        "no file system in memory");
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void a_part_that_becomes_a_link_meanwhile_is_not_shown() throws Exception {
    Path sub = plain.resolve("sub");
    fake.beforeLinking =
        () ->
            assertThatCode(
                    () -> {
                      Files.delete(sub);
                      Files.createSymbolicLink(sub, root);
                    })
                .doesNotThrowAnyException();

    assertRefused(() -> publish(plain, "sub", place.toString(), false), "leads out");

    assertThat(fake.standing()).isEmpty();
    assertThat(place).isEmptyDirectory();
  }

  /** Like a short name such as {@code RUNNER~1}, or a root behind a junction. */
  @Test
  void a_directory_with_another_real_path_is_shown() throws Exception {
    Path alias = Files.createSymbolicLink(root.resolve("alias"), plain);

    publish(alias, "", place.toString(), false);

    assertThat(place.resolve("sub")).isDirectory();
    publisher.withdraw(place, false);
    publish(alias, "sub", place.toString(), false);
    publisher.withdraw(place, false);
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void another_junction_or_mount_point_is_neither_replaced_nor_removed() throws Exception {
    publish(plain, "sub", place.toString(), false);
    assertRefused(
        () -> publish(plain, "", place.toString(), false), "link " + place + ": directory not");
    assertThat(place.toRealPath()).isEqualTo(plain.resolve("sub"));
    publisher.withdraw(place, false);

    disk.show(VirtualDisks.Access.READ_WRITE, ShownDisk.VolumeWork.NONE);
    publish(data, "", place.toString(), false);
    assertThatThrownBy(() -> windows.mountPoints().hide(place))
        .hasMessageEndingWith("something else is mounted there");
    publisher.withdraw(place, false);
    disk.hide();
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void a_directory_with_files_or_a_second_letter_fails_as_windows_says() throws Exception {
    disk.show(VirtualDisks.Access.READ_WRITE, ShownDisk.VolumeWork.NONE);
    assertRefused(() -> publish(data, "", plain.toString(), false), "directory not empty");
    publish(data, "", "X:", false);

    assertRefused(() -> publish(data, "", "Y:", false), "invalid parameter");

    publisher.withdraw(Path.of("X:\\"), false);
    disk.hide();
  }

  @Test
  void missing_directories_are_made_and_removed() throws Exception {
    ResolvedTarget site = site(root.resolve("new/deep").toString());
    assertThat(site.missing()).containsExactly(root.resolve("new"), root.resolve("new/deep"));

    publisher.make(site, new MountContent.Tree(plain, ""));
    assertThat(root.resolve("new/deep")).isEmptyDirectory();
    publisher.unmake(site.missing());

    assertThat(root.resolve("new")).doesNotExist();
    assertThat(site(root.resolve("place").toString()).exists()).isTrue();
  }

  @Test
  void a_mount_point_whose_disk_is_gone_is_replaced() throws Exception {
    disk.show(VirtualDisks.Access.READ_WRITE, ShownDisk.VolumeWork.NONE);
    publish(data, "", place.toString(), false);
    fake.reboot();
    disk.show(VirtualDisks.Access.READ_WRITE, ShownDisk.VolumeWork.NONE);

    publish(data, "", place.toString(), false);

    publisher.withdraw(place, false);
    disk.hide();
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void each_call_that_fails_is_reported() throws Exception {
    disk.show(VirtualDisks.Access.READ_WRITE, ShownDisk.VolumeWork.NONE);
    fake.faults().failAt(1);
    assertRefused(() -> publish(data, "", place.toString(), false), "GetVolumeName");
    fake.faults().failAt(5);
    assertRefused(() -> publish(data, "", place.toString(), false), "SetVolumeMountPoint");
    fake.faults().heal();
    assertThat(place).isEmptyDirectory();
    disk.hide();
  }

  // In the form of the mount table.
  private static boolean isDangling(Path place) {
    return !Files.exists(place);
  }

  private static void assertRefused(Runnable action, String why) {
    assertThatThrownBy(action::run)
        .isInstanceOf(MountFailed.class)
        .hasMessageContaining(why)
        .isInstanceOf(VolumeException.class);
  }
}
