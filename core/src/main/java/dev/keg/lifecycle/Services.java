package dev.keg.lifecycle;

import dev.keg.attachment.Attachments;
import dev.keg.attachment.Conflicts;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.driver.VolumeDriver;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.time.Clock;
import java.util.Optional;

/** What every use case works with: the volumes of one root, their holders, and their drivers. */
public record Services(
    VolumeRegistry registry,
    Attachments attachments,
    Drivers drivers,
    Clock clock,
    Secrets secrets) {

  public VolumeHome home(VolumeName name) {
    return registry.layout().home(name);
  }

  /** The volume's driver; the operation is for the error message. */
  public VolumeDriver driver(String operation, Volume volume) {
    return drivers.open(volume.driver(), operation, volume.name().text());
  }

  /** The volume's driver, if it works on this system. */
  public Optional<VolumeDriver> available(Volume volume) {
    return drivers
        .factory(volume.driver())
        .map(DriverFactory::unavailable)
        .filter(Optional::isEmpty)
        .map(_ -> driver("get", volume));
  }

  public Conflicts conflicts() {
    return new Conflicts(attachments);
  }
}
