package dev.keg.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.attachment.Attachments;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.Volumes;
import dev.keg.mountspec.LocalHost;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.PathStyle;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.ContainerId;
import dev.keg.volumeset.MountContext;
import dev.keg.volumeset.MountListing;
import dev.keg.volumeset.SetUpRequest;
import dev.keg.volumeset.VolumeResolver;
import dev.keg.volumeset.VolumeSets;
import dev.keg.windows.publish.ContainerSite;
import dev.keg.windows.publish.WindowsPublisher;
import dev.keg.windows.win32.FakeContainer;
import dev.keg.windows.win32.FakeWindows;
import dev.keg.windows.win32.Windows;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code keg mount --container} on a fake Windows, from the specification to the list. */
final class ContainerVolumesTest {
  private static final ContainerId WEB = new ContainerId("5f3c");

  private final Set<ContainerSite> refused = new HashSet<>();
  private FakeWindows windows;
  private MountContext context;
  private VolumeSets sets;

  @BeforeEach
  void start(@TempDir Path root, @TempDir Path contents) {
    windows = new FakeWindows(contents);
    var registry =
        new VolumeRegistry(
            new RegistryLayout(root.resolve("lib")),
            DirectorySync.FSYNC,
            new SplittableRandom(1),
            _ -> {});
    var table = new WindowsMountTable(_ -> false, Set::of, () -> windows);
    var attachments = new Attachments(registry, () -> table);
    var drivers =
        new Drivers(
            List.of(LocalDriver.directoriesOnly()),
            new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
    var services = new Services(registry, attachments, drivers, Clock.systemUTC(), Secrets.NONE);
    context =
        new MountContext(
            services,
            () -> new WindowsPublisher(new Windows(windows), root, refused),
            () -> {
              throw new AssertionError("nothing is tuned");
            });
    sets =
        new VolumeSets(context, new VolumeResolver(new Volumes(services), new SplittableRandom(2)));
  }

  private List<Path> mount(String... specs) {
    MountSpecs grammar = new MountSpecs(PathStyle.WINDOWS, new LocalHost(FileSystems.getDefault()));
    List<MountSpec> mounts = Arrays.stream(specs).map(grammar::volume).toList();
    return sets.setUp(new SetUpRequest(WEB, null, mounts, false, false));
  }

  private List<String> list() {
    return MountListing.of(context).entries().stream()
        .map(entry -> entry.source() + " " + entry.container() + " " + entry.state())
        .toList();
  }

  private List<VolumeName> held() {
    return context.registry().names().stream()
        .filter(name -> !context.attachments().current(name).isEmpty())
        .toList();
  }

  @Test
  void volumes_are_mounted_listed_held_and_unmounted() {
    FakeContainer container = windows.runContainer(WEB.text());

    List<Path> sites = mount("db:C:\\data", "logs:C:\\logs:ro");

    assertThat(container.mapped().keySet()).containsExactly("C:\\data", "C:\\logs");
    assertThat(container.mapped().get("C:\\logs")).endsWith("_data (read-only)");
    assertThat(list()).containsExactly("db 5f3c MOUNTED", "logs 5f3c MOUNTED");
    assertThat(held()).containsExactly(new VolumeName("db"), new VolumeName("logs"));
    sets.unmount(sites.getFirst().toString(), false);
    assertThat(list()).containsExactly("logs 5f3c MOUNTED");
    sets.tearDown(WEB, false);
    assertThat(list()).isEmpty();
    assertThat(held()).isEmpty();
    assertThat(container.mapped()).isEmpty();
  }

  @Test
  void a_place_is_taken_by_one_mount_and_a_later_one_goes_elsewhere() {
    FakeContainer container = windows.runContainer(WEB.text());
    List<Path> _ = mount("db:C:\\data");

    assertThatThrownBy(() -> mount("logs:C:\\data"))
        .isInstanceOf(MountFailed.class)
        .hasMessageContaining("something is already mounted there");
    List<Path> _ = mount("logs:C:\\logs");

    assertThat(container.mapped().keySet()).containsExactly("C:\\data", "C:\\logs");
  }

  /** As mapped by `docker run -v`. */
  @Test
  void what_the_container_has_of_others_stays_when_the_service_refuses() {
    FakeContainer container = windows.runContainer(WEB.text());
    container.map("C:\\data", "C:\\docker");

    assertThatThrownBy(() -> mount("logs:C:\\logs", "db:C:\\data"))
        .isInstanceOf(MountFailed.class)
        .hasMessageContaining("file exists");

    assertThat(container.mapped().keySet()).containsExactly("C:\\data");
    assertThat(list()).isEmpty();
  }

  @Test
  void after_a_restart_of_the_container_its_mounts_are_over_and_can_be_made_again() {
    FakeContainer _ = windows.runContainer(WEB.text());
    List<Path> _ = mount("db:C:\\data");

    FakeContainer again = windows.runContainer(WEB.text());
    assertThat(list()).containsExactly("db 5f3c STALE");
    assertThat(held()).isEmpty();
    List<Path> _ = mount("db:C:\\data");

    assertThat(list()).containsExactly("db 5f3c STALE", "db 5f3c MOUNTED");
    sets.tearDown(WEB, false);
    assertThat(again.mapped()).isEmpty();
    assertThat(list()).isEmpty();
  }

  @Test
  void all_mounts_are_made_or_none_at_each_failure() {
    for (int call = 1; call < 60; call++) {
      FakeContainer container = windows.runContainer(WEB.text());
      windows.faults().failAt(call);
      try {
        List<Path> _ = mount("db:C:\\data", "logs:C:\\logs");
        assertThat(container.mapped()).as("call %d", call).hasSize(2);
        assertThat(call).as("calls that were made to fail").isGreaterThan(10);
        return;
      } catch (VolumeException e) {
        windows.faults().heal();
        sets.tearDown(WEB, false);
        assertThat(container.mapped()).as("call %d: %s", call, e.getMessage()).isEmpty();
        assertThat(list()).isEmpty();
      }
    }
    throw new AssertionError("it never works");
  }
}
