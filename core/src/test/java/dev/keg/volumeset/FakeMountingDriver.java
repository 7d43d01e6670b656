package dev.keg.volumeset;

import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.Faults;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.file.FileFailures;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A driver whose volumes are visible only while they are mounted, in a mount table that is faked.
 */
final class FakeMountingDriver implements VolumeDriver {
  private final FakeMountTable table;
  private final Faults faults;

  FakeMountingDriver(FakeMountTable table, Faults faults) {
    this.table = table;
    this.faults = faults;
  }

  DriverFactory factory() {
    return new DriverFactory(
        "mounting",
        "mounts",
        List.of(new OptionDescriptor("size", "SIZE", "how large")),
        _ -> this);
  }

  @Override
  public void validate(DriverOptions options) {
    options.size("size");
  }

  @Override
  public void create(CreateRequest request) {
    Path data = request.home().data();
    FileFailures.run("create", data, () -> Files.createDirectory(data));
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    unmount(volume, home);
  }

  @Override
  public Path mount(MountRequest request) {
    call("mount", request.volume());
    String data = request.home().data().toString();
    if (table.mounts().stream().noneMatch(mount -> mount.target().toString().equals(data))) {
      table.mount(data);
    }
    return request.home().data();
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    call("unmount", volume);
    table.unmount(home.data().toString());
  }

  private void call(String operation, Volume volume) {
    if (faults.hit()) {
      throw new DriverFailed(operation, volume.name().text(), "told to fail");
    }
  }
}
