package dev.keg.backup;

import dev.keg.driver.Drivers;
import dev.keg.driver.VolumeDriver;
import dev.keg.file.DirectorySync;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volumeset.Views;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What saving and restoring work with. */
public record Backstage(
    VolumeRegistry registry,
    Volumes volumes,
    Drivers drivers,
    Views views,
    DirectorySync sync,
    InstantSource clock,
    RandomGenerator random) {

  VolumeDriver driver(String operation, Volume volume) {
    return drivers.open(volume.driver(), operation, volume.name().text());
  }

  VolumeHome home(Volume volume) {
    return registry.layout().home(volume.name());
  }

  /** How much data there is to read. */
  Size usage(Volume volume) {
    return volumes.usage(volume);
  }
}
