package dev.keg.machine;

import dev.keg.driver.FakeDriver;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.Renders;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A driver of disks that are only names; those with the option {@code base} are read-only, if its
 * value is {@code soon} only while they have a holder.
 */
final class DiskDriver extends FakeDriver implements Renders {
  DiskDriver() {
    super(
        "disk",
        new OptionDescriptor("base", "true|soon", "others are built on it"),
        new OptionDescriptor("on", "FILE", "the disk that it is built on"));
  }

  @Override
  public MachineDisk machineDisk(Volume volume, VolumeHome home) {
    String base = volume.options().text("base").orElse("");
    boolean held = Files.exists(home.file("attachments"));
    return new MachineDisk(
        home.file("disk.qcow2"), "qcow2", base.equals("true") || (base.equals("soon") && held));
  }

  @Override
  public List<Path> foundations(Volume volume, VolumeHome home) {
    return volume.options().text("on").stream().map(home.path().getFileSystem()::getPath).toList();
  }
}
