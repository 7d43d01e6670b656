package dev.keg.lifecycle;

import dev.keg.driver.MountRequest;
import dev.keg.driver.Snapshots;
import dev.keg.driver.Snapshots.Shown;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.registry.SnapshotRegistry;
import dev.keg.registry.lock.SnapshotLock;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.Optional;

/** The data of a snapshot while a command reads it, which protects it from removal. */
public record ShownSnapshot(
    Volume volume, VolumeHome home, Path data, SnapshotLock lock, Optional<Shown> shown)
    implements AutoCloseable {

  public static ShownSnapshot open(
      Services services, String operation, VolumeName name, SnapshotName snapshot) {
    ShownSnapshot kept = keep(services, operation, name, snapshot);
    try {
      return kept.shown(services, operation, snapshot);
    } catch (RuntimeException e) {
      kept.close();
      throw e;
    }
  }

  /** The snapshot as stored, which only its driver may be able to read. */
  public static ShownSnapshot keep(
      Services services, String operation, VolumeName name, SnapshotName snapshot) {
    SnapshotRegistry snapshots = services.registry().snapshots();
    try (var _ = services.registry().lock().lock(name)) {
      services.registry().ids().requireMeant(operation, name);
      VolumeHome home = snapshots.home(name, snapshot);
      Volume volume = snapshots.get(operation, name, snapshot).volume();
      return new ShownSnapshot(
          volume, home, home.data(), SnapshotLock.share(home), Optional.empty());
    }
  }

  private ShownSnapshot shown(Services services, String operation, SnapshotName snapshot) {
    VolumeDriver driver = services.driver(operation, volume);
    if (driver.alwaysVisible(volume)) {
      return this;
    }
    String subject = volume.name() + "@" + snapshot;
    if (!(driver instanceof Snapshots power)) {
      throw new NotSupported(
          operation, subject, "driver '%s' cannot show a snapshot".formatted(volume.driver()));
    }
    Optional<String> why = power.whyNotShown(volume, home);
    if (why.isPresent()) {
      throw new NotSupported(
          operation,
          subject,
          "%s; `keg clone %s NEW` makes a volume of it".formatted(why.get(), subject));
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
