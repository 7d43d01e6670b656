package dev.keg.driver.local;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.VolumeException.DriverUnavailable;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;

/** Volumes that are directories; those whose options describe a mount are covered by it. */
final class LocalDriver implements VolumeDriver {
  @Override
  public void validate(DriverOptions options) {
    LocalOptions.validate(options, false);
  }

  @Override
  public void create(CreateRequest request) {
    Ownership ownership = Ownerships.merge(request.ownership(), Ownerships.of(request.options()));
    data(request.volume(), request.home()).create(ownership);
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    data(volume, home).requireInsideForRemoval();
  }

  @Override
  public Path mount(MountRequest request) {
    Path data = data(request.volume(), request.home()).require("mount");
    if (!alwaysVisible(request.volume())) {
      throw new DriverUnavailable(
          "mount", request.volume().name().text(), "local", "nothing here can mount");
    }
    return data;
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    // A plain directory was never mounted.
  }

  @Override
  public boolean alwaysVisible(Volume volume) {
    return !LocalOptions.describeMount(volume.options());
  }

  private static DataDirectory data(Volume volume, VolumeHome home) {
    return new DataDirectory(volume.name(), home);
  }
}
