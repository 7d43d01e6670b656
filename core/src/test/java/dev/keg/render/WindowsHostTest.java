package dev.keg.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.NoMounts;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.file.DirectorySync;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.lifecycle.Volumes;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.ForeignHost;
import dev.keg.mountspec.LocalHost;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.PathStyle;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.render.document.Part;
import dev.keg.tuning.Tuner;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.MountContext;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A Windows host on any system: the files are those of the system, and its paths have the form of
 * Windows.
 */
class WindowsHostTest {
  private final FileSystem files = Jimfs.newFileSystem(Configuration.windows());
  private final VolumeRegistry registry =
      new VolumeRegistry(
          new RegistryLayout(files.getPath("C:\\keg")),
          DirectorySync.NONE,
          new SplittableRandom(1),
          _ -> {});
  private final Attachments attachments = new Attachments(registry, NoMounts::new);
  private final Drivers drivers =
      new Drivers(
          List.of(LocalDriver.directoriesOnly()),
          new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
  private final Services services =
      new Services(registry, attachments, drivers, Clock.systemUTC(), Secrets.NONE);
  private final Parts parts =
      new Parts(
          new MountContext(
              services,
              () -> {
                throw new AssertionError("nothing is mounted");
              },
              () -> Tuner.none("this test")),
          new LocalHost(files));

  @BeforeEach
  void aVolumeAndADirectory() throws Exception {
    new Volumes(services)
        .create(
            new VolumeRequest(
                new VolumeName("db"), "local", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    Path sites = Files.createDirectories(files.getPath("C:\\sites"));
    Files.writeString(sites.resolve("file"), "");
  }

  private List<Part> parts(PathStyle style, String text) {
    MountSpec spec = new MountSpecs(style, new LocalHost(files)).volume(text);
    return parts.ofContainer(List.of(spec));
  }

  @Test
  void a_volume_is_where_windows_has_it() {
    assertThat(parts(PathStyle.WINDOWS, "db:c:\\data"))
        .containsExactly(
            new Part.Tree("C:\\keg\\volumes\\db\\_data", true, "c:\\data", Access.DEFAULT));
  }

  @Test
  void a_linux_machine_has_paths_of_linux() {
    assertThat(parts(PathStyle.LINUX_ON_WINDOWS, "c:\\sites:/srv:ro"))
        .containsExactly(
            new Part.Tree("c:\\sites", true, "/srv", Access.DEFAULT.withReadOnly(true)));
  }

  @Test
  void a_directory_that_is_missing_is_reported() {
    assertThatThrownBy(() -> parts(PathStyle.WINDOWS, "c:\\nowhere:c:\\data"))
        .isInstanceOf(InvalidSpec.class)
        .hasMessageContaining("bind source path does not exist: c:\\nowhere");
  }

  @Test
  void what_is_on_another_host_is_taken_for_what_it_has_to_be() {
    ForeignHost elsewhere = new ForeignHost(new LocalHost(Jimfs.newFileSystem()));
    MountSpec spec = new MountSpecs(PathStyle.WINDOWS, elsewhere).volume("d:\\unseen:c:\\data");

    assertThat(spec).isEqualTo(new MountSpec.Bind("d:\\unseen", "c:\\data", Access.DEFAULT, false));
  }
}
