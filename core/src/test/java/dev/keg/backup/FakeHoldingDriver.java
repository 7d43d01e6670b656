package dev.keg.backup;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.Freezes;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.VolumeDriver;
import dev.keg.file.FileFailures;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Plain directories that can be frozen, and an option that is a secret. */
public final class FakeHoldingDriver implements VolumeDriver, Freezes {
  public boolean frozen;
  public int freezes;

  @Override
  public Frozen freeze(Volume volume, VolumeHome home) {
    frozen = true;
    freezes++;
    return () -> frozen = false;
  }

  DriverFactory factory() {
    return new DriverFactory(
        "holding", "", List.of(new OptionDescriptor("key", "KEY", "a secret", true)), _ -> this);
  }

  @Override
  public void validate(DriverOptions options) {}

  @Override
  public void create(CreateRequest request) {
    Path data = request.home().data();
    FileFailures.run("create", data, () -> Files.createDirectory(data));
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {}

  @Override
  public Path mount(MountRequest request) {
    return request.home().data();
  }

  @Override
  public boolean alwaysVisible(Volume volume) {
    return true;
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {}
}
