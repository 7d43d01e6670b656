package dev.keg.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.mountspec.Access;
import dev.keg.publish.MountContent;
import dev.keg.publish.ResolvedTarget;
import dev.keg.publish.Target;
import dev.keg.volume.Size;
import dev.keg.windows.driver.ShownDisk;
import dev.keg.windows.publish.WindowsPublisher;
import dev.keg.windows.win32.FakeContainer;
import dev.keg.windows.win32.FakeWindows;
import dev.keg.windows.win32.Grants;
import dev.keg.windows.win32.VirtualDisks;
import dev.keg.windows.win32.VolumeFormat;
import dev.keg.windows.win32.Windows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that a running container sees, through a fake Host Compute Service. */
final class ContainerMappingsTest {
  private static final String WEB = "5f3c";

  @TempDir Path root;
  private FakeWindows windows;
  private WindowsPublisher publisher;
  private Path plain;

  @BeforeEach
  void start(@TempDir Path contents) throws Exception {
    windows = new FakeWindows(contents);
    publisher = new WindowsPublisher(new Windows(windows), root, new HashSet<>());
    plain = Files.createDirectories(root.resolve("plain/sub")).resolveSibling("");
  }

  private ResolvedTarget publish(Path source, String subpath, String target, boolean readOnly) {
    ResolvedTarget site = publisher.resolve(Target.in(WEB, target));
    publisher.publish(
        new MountContent.Tree(source, subpath), site, Access.DEFAULT.withReadOnly(readOnly));
    return site;
  }

  private boolean isMounted(ResolvedTarget site) {
    return new WindowsMountTable(_ -> false, Set::of, () -> windows)
        .isMounted(site.path().toString());
  }

  @Test
  void a_directory_is_mapped_into_a_running_container_and_taken_away() {
    FakeContainer container = windows.runContainer(WEB);

    ResolvedTarget data = publish(plain, "", "c:/data/db", false);
    ResolvedTarget sub = publish(plain, "sub", "C:\\sub", true);

    assertThat(container.mapped())
        .containsEntry("C:\\data\\db", " = " + plain)
        .containsEntry("C:\\sub", " = " + plain.resolve("sub") + " (read-only)");
    String run = container.run().substring(0, 8);
    assertThat(data)
        .isEqualTo(ResolvedTarget.hiddenAt(Path.of("\\\\.\\hcs\\5f3c\\" + run + "\\C\\data\\db")));
    assertThat(isMounted(data)).isTrue();
    publisher.withdraw(data.path(), false);
    publisher.withdraw(sub.path(), true);
    assertThat(container.mapped()).isEmpty();
    assertThatCode(() -> publisher.withdraw(data.path(), false)).doesNotThrowAnyException();
  }

  @Test
  void a_whole_disk_is_mapped_by_the_name_of_its_volume() throws Exception {
    Path file = root.resolve("disk.vhdx");
    Path data = Files.createDirectory(root.resolve("_data"));
    Windows seam = new Windows(windows);
    seam.disks()
        .create(file, new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("64m")));
    ShownDisk disk = new ShownDisk(seam, file, data);
    disk.format(VolumeFormat.NTFS, "db", Grants.NONE, ShownDisk.VolumeWork.NONE);
    disk.show(VirtualDisks.Access.READ_WRITE, ShownDisk.VolumeWork.NONE);
    FakeContainer container = windows.runContainer(WEB);

    ResolvedTarget _ = publish(data, "", "C:\\data", false);

    assertThat(container.mapped().get("C:\\data")).startsWith(" = \\\\?\\Volume{").endsWith("}\\");
  }

  @Test
  void a_share_is_mapped_by_its_own_path() {
    FakeContainer container = windows.runContainer(WEB);

    ResolvedTarget _ = publish(Path.of("\\\\files\\projects"), "", "C:\\data", false);

    assertThat(container.mapped()).containsEntry("C:\\data", " = \\\\files\\projects");
  }

  /** Otherwise it could lead elsewhere when it is mapped, and back again at the check. */
  @Test
  void a_part_stays_what_it_is_while_it_is_mapped() {
    FakeContainer container = windows.runContainer(WEB);
    Path sub = plain.resolve("sub");
    container.beforeMapping = () -> assertThat(windows.isPinned(sub)).isTrue();

    ResolvedTarget _ = publish(plain, "sub", "C:\\data", false);

    assertThat(container.mapped()).containsEntry("C:\\data", " = " + sub);
    assertThat(windows.isPinned(sub)).isFalse();
    assertThat(sub).isEmptyDirectory();
  }

  @Test
  void a_part_that_leads_elsewhere_meanwhile_is_not_mapped() throws Exception {
    FakeContainer container = windows.runContainer(WEB);
    Path sub = plain.resolve("sub");
    windows.beforePinning =
        () -> {
          try {
            Files.delete(sub);
            Files.createSymbolicLink(sub, root);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };

    assertThatThrownBy(() -> publish(plain, "sub", "C:\\data", false))
        .isInstanceOf(MountFailed.class)
        .hasMessageContaining("it leads out of the volume");
    assertThat(container.mapped()).isEmpty();
    assertThat(windows.calls()).noneMatch(call -> call.startsWith("HcsModifyComputeSystem"));
    assertThat(windows.isPinned(root)).isFalse();
  }

  @Test
  void what_was_mapped_is_gone_with_the_run_of_the_container() {
    FakeContainer first = windows.runContainer(WEB);
    ResolvedTarget site = publish(plain, "", "C:\\data", false);
    first.stopped = true;
    assertThat(isMounted(site)).isFalse();

    FakeContainer again = windows.runContainer(WEB);
    assertThat(isMounted(site)).isFalse();
    ResolvedTarget now = publish(plain, "", "C:\\data", false);
    publisher.withdraw(site.path(), false);

    assertThat(now.path()).isNotEqualTo(site.path());
    assertThat(again.mapped()).containsKey("C:\\data");
    windows.endContainer(WEB);
    assertThat(isMounted(now)).isFalse();
    assertThatCode(() -> publisher.withdraw(now.path(), false)).doesNotThrowAnyException();
  }

  @Test
  void a_container_that_cannot_be_asked_for_keeps_what_it_has() {
    FakeContainer _ = windows.runContainer(WEB);
    ResolvedTarget site = publish(plain, "", "C:\\data", false);

    windows.faults().failAt(1);

    assertThat(isMounted(site)).isTrue();
  }

  @Test
  void only_a_container_that_runs_and_a_directory_on_a_drive_will_do() {
    windows.run("vm1");
    refused("gone", "C:\\data", "no container 'gone' is running");
    refused("vm1", "C:\\data", "'vm1' is a machine");
    windows.runContainer(WEB).stopped = true;
    refused(WEB, "C:\\data", "no container '5f3c' is running");
    FakeContainer _ = windows.runContainer(WEB);
    refused(WEB, "X:", "a container gets a directory at a path such as C:\\data");
    refused(WEB, "\\\\.\\pipe\\x", "a container gets a directory at a path such as C:\\data");
  }

  private void refused(String container, String target, String why) {
    assertThatThrownBy(() -> publisher.resolve(Target.in(container, target)))
        .isInstanceOf(MountFailed.class)
        .hasMessageContaining(why);
  }

  @Test
  void what_the_service_refuses_is_reported() {
    FakeContainer container = windows.runContainer(WEB);
    ResolvedTarget _ = publish(plain, "", "C:\\data", false);

    assertThatThrownBy(() -> publish(plain, "", "C:\\data", false))
        .isInstanceOf(MountFailed.class)
        .hasMessageEndingWith("HcsModifyComputeSystem 5f3c: file exists")
        .extracting(e -> ((MountFailed) e).hint())
        .isEqualTo(Optional.of("choose another target: the container has something there"));
    assertThat(container.mapped()).hasSize(1);
  }
}
