package dev.keg.render;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.Renders;
import dev.keg.driver.VolumeDriver;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.List;

/** A driver whose volumes are disks; nothing of them is there. */
final class FakeDiskDriver implements VolumeDriver, Renders {
  /** The one that others are built on. */
  static final String PARENT = "parent";

  static final DriverFactory FACTORY =
      new DriverFactory(
          "disk",
          "disks",
          List.of(new OptionDescriptor("fs", "WORD", "file system")),
          _ -> new FakeDiskDriver());

  @Override
  public void validate(DriverOptions options) {}

  @Override
  public void create(CreateRequest request) {}

  @Override
  public void remove(Volume volume, VolumeHome home) {}

  @Override
  public Path mount(MountRequest request) {
    throw new AssertionError("a document mounts nothing");
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {}

  @Override
  public MachineDisk machineDisk(Volume volume, VolumeHome home) {
    return new MachineDisk(home.file("disk"), "qcow2", volume.name().text().equals(PARENT));
  }
}
