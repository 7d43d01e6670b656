package dev.keg.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.Secrets;
import dev.keg.driver.Storage;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.file.DirectorySync;
import dev.keg.file.WindowsNaming;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.FileSystem;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VolumeRowsTest {
  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private final VolumeRegistry registry =
      new VolumeRegistry(
          new RegistryLayout(files.getPath("/keg")),
          new WindowsNaming(DirectorySync.NONE, true, false),
          new SplittableRandom(1),
          _ -> {});
  private final FakeMountTable mounts = new FakeMountTable(files::getPath);
  private final Volumes volumes =
      new Volumes(
          new Services(
              registry,
              new Attachments(registry, () -> mounts),
              new Drivers(
                  List.of(new DiskDriver().factory()),
                  new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {})),
              Clock.systemUTC(),
              Secrets.NONE));

  /** A driver of disks whose names describe their state. */
  private static final class DiskDriver extends FakeDriver {
    DiskDriver() {
      super("disk");
    }

    @Override
    public Storage storage(Volume volume, VolumeHome home) {
      String name = volume.name().text();
      if (name.equals("torn")) {
        throw new DriverFailed("inspect", name, "input/output error");
      }
      return super.storage(volume, home).missing(name.equals("gone"));
    }
  }

  @Test
  void what_is_gone_is_named_and_what_cannot_be_read_does_not_hide_the_others() {
    for (String name : List.of("torn", "gone", "here")) {
      volumes.create(
          new VolumeRequest(
              new VolumeName(name), "disk", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    }
    VolumeRows rows = new VolumeRows(volumes, false);

    assertThat(
            rows.of(
                VolumeFilter.forList(FilterArguments.NONE, volumes.filterContext()),
                Optional.empty(),
                VolumeOrder.NAME))
        .hasSize(3);
    assertThat(rows.missing())
        .containsExactly(
            "gone: /keg/volumes/gone/_data is missing", "inspect torn: input/output error");
  }
}
