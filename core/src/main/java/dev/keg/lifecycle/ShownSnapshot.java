package dev.keg.lifecycle;

import dev.keg.driver.MountRequest;
import dev.keg.driver.Snapshots;
import dev.keg.driver.Snapshots.Shown;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.registry.SnapshotLock;
import dev.keg.registry.SnapshotRegistry;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.Optional;

/** The data of a snapshot while a command reads it; nobody removes it meanwhile. */
public record ShownSnapshot(
    Volume volume, VolumeHome home, Path data, SnapshotLock lock, Optional<Shown> shown)
    implements AutoCloseable {

  public static ShownSnapshot open(
      Services services, String operation, VolumeName name, SnapshotName snapshot) {
    SnapshotRegistry snapshots = services.registry().snapshots();
    VolumeHome home = snapshots.home(name, snapshot);
    Volume volume;
    SnapshotLock lock;
    try (var _ = services.registry().lock().lock(name)) {
      volume = snapshots.get(operation, name, snapshot).volume();
      lock = SnapshotLock.share(home);
    }
    try {
      return shown(services, operation, volume, home, lock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static ShownSnapshot shown(
      Services services, String operation, Volume volume, VolumeHome home, SnapshotLock lock) {
    VolumeDriver driver = services.driver(operation, volume);
    if (driver.alwaysVisible(volume)) {
      return new ShownSnapshot(volume, home, home.data(), lock, Optional.empty());
    }
    if (!(driver instanceof Snapshots power)) {
      throw new NotSupported(
          operation,
          volume.name().text(),
          "driver '%s' cannot show a snapshot".formatted(volume.driver()));
    }
    Shown shown =
        power.show(
            new MountRequest(volume, home, services.drivers().options(volume), services.secrets()));
    return new ShownSnapshot(volume, home, shown.data(), lock, Optional.of(shown));
  }

  @Override
  public void close() {
    try (lock) {
      shown.ifPresent(Shown::close);
    }
  }
}
