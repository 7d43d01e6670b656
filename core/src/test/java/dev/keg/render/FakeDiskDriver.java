package dev.keg.render;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.Renders;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;

/** A driver whose volumes are disks that do not exist. */
final class FakeDiskDriver extends FakeDriver implements Renders {
  /** The disk that others are built on. */
  static final String PARENT = "parent";

  FakeDiskDriver() {
    super("disk", new OptionDescriptor("fs", "WORD", "file system"));
  }

  @Override
  public void create(CreateRequest request) {}

  @Override
  public Path mount(MountRequest request) {
    throw new AssertionError("a document mounts nothing");
  }

  @Override
  public MachineDisk machineDisk(Volume volume, VolumeHome home) {
    return new MachineDisk(home.file("disk"), "qcow2", volume.name().text().equals(PARENT));
  }
}
