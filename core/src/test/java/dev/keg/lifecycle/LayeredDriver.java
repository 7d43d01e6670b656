package dev.keg.lifecycle;

import dev.keg.driver.Adopts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.driver.Renders;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A driver of disks that may be built on other disks, and may be outside their home. */
final class LayeredDriver extends FakeDriver implements Renders, Adopts {
  /** The volumes that are built on adopted data, the same for all volumes. */
  List<VolumeName> dependents = List.of();

  LayeredDriver() {
    super(
        "layered",
        new OptionDescriptor("on", "FILE", "the disk that it is built on"),
        new OptionDescriptor("at", "PATH", "where its data lies").reaching(Reach.DATA));
  }

  private static Optional<Path> path(Volume volume, VolumeHome home, String key) {
    return volume.options().text(key).map(home.path().getFileSystem()::getPath);
  }

  @Override
  public MachineDisk machineDisk(Volume volume, VolumeHome home) {
    return new MachineDisk(home.data(), "raw", false);
  }

  @Override
  public List<Path> foundations(Volume volume, VolumeHome home) {
    return path(volume, home, "on").stream().toList();
  }

  @Override
  public Optional<Options> optionsFor(Path existing) {
    return Optional.empty();
  }

  @Override
  public void adopt(Path existing, CreateRequest request) {
    create(request);
  }

  @Override
  public Optional<Path> elsewhere(Volume volume, VolumeHome home) {
    return path(volume, home, "at");
  }

  @Override
  public List<VolumeName> dependents(Volume volume, VolumeHome home) {
    return dependents;
  }
}
