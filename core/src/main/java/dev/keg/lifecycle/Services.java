package dev.keg.lifecycle;

import dev.keg.attachment.Attachments;
import dev.keg.attachment.Conflicts;
import dev.keg.attachment.MountTable;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.driver.Snapshots;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.RegistryException.ProtectedVolume;
import dev.keg.error.VolumeException;
import dev.keg.registry.Unfinished;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.pool.Pool;
import dev.keg.volume.Host;
import dev.keg.volume.Labels;
import dev.keg.volume.PoolName;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The dependencies of every use case: the volumes of a root, their holders, and their drivers. */
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

  /** The volume's driver, if it works on this system and the volume is here. */
  public Optional<VolumeDriver> available(Volume volume) {
    return drivers
        .factory(volume.driver())
        .filter(_ -> registry.catalog().isHere(volume))
        .map(DriverFactory::unavailable)
        .filter(Optional::isEmpty)
        .map(_ -> driver("get", volume));
  }

  /**
   * Removes what killed commands left on this driver's server, before a command that needs the
   * server as well. The caller must hold no volume's lock.
   */
  public void takeBackUnfinished(String driver) {
    registry.takeBack(left -> left.volume().driver().equals(driver) && isTakenBack(left));
  }

  /** The same for the driver of a volume. */
  public void takeBackUnfinished(VolumeName name) {
    registry.takeBack(left -> isDriver(left.volume().driver(), name) && isTakenBack(left));
  }

  private boolean isDriver(String driver, VolumeName name) {
    try {
      return registry.find(name).filter(volume -> volume.driver().equals(driver)).isPresent();
    } catch (VolumeException _) {
      return false; // the command itself reports that
    }
  }

  private boolean isTakenBack(Unfinished left) {
    Volume volume = left.volume();
    try {
      VolumeDriver driver = driver("clean up", volume);
      switch (left.kind()) {
        case VOLUME -> {
          // A note may come with the disk of a pool from elsewhere, and must not cause a deletion
          // here.
          if (!registry.catalog().has(volume.details().id())) {
            driver.takeBack(volume, left.home());
          }
        }
        case SNAPSHOT -> {
          if (driver instanceof Snapshots power) {
            power.discard(volume, left.home());
          }
        }
      }
      return true;
    } catch (VolumeException e) {
      registry.warn(
          "cannot remove what a killed command left of %s: %s"
              .formatted(volume.name(), e.getMessage()));
      return false;
    }
  }

  /** The pool that a new volume's label asks for, if this root has it. */
  public PoolName poolFor(Volume volume) {
    String wanted = volume.labels().map().getOrDefault(Labels.POOL, PoolName.DEFAULT.text());
    Optional<PoolName> known =
        registry.pools().list().stream()
            .map(Pool::name)
            .filter(name -> name.text().equals(wanted))
            .findFirst();
    if (known.filter(name -> registry.layout().places().repository(name).isPresent()).isPresent()) {
      return PoolName.DEFAULT; // a label of a volume that was archived when it was backed up
    }
    if (known.isEmpty() && !wanted.equals(PoolName.DEFAULT.text())) {
      registry.warn(
          "volume %s belongs in pool %s, which this root does not have"
              .formatted(volume.name(), wanted));
    }
    return known.orElse(PoolName.DEFAULT);
  }

  /** Changes the description of a volume that was read before, and returns it. */
  public Volume replace(Volume read, UnaryOperator<Volume> change) {
    Instant now = clock.instant();
    Host here = host();
    UnaryOperator<Volume> dated =
        volume -> {
          Volume changed = change.apply(volume);
          return changed.withDetails(changed.details().changed(now, here));
        };
    registry.replace(read, dated);
    return dated.apply(read);
  }

  /** The volume as it is now; refuses another one that has got its name since it was read. */
  public Volume still(String operation, Volume read) {
    Volume now = registry.get(operation, read.name());
    if (!isSame(now, read)) {
      throw new NotFound(operation, read.name().text(), "another volume has that name now");
    }
    return now;
  }

  /** Whether its name has not gone to another volume, nor to none. */
  public boolean isStill(Volume read) {
    return registry.find(read.name()).filter(now -> isSame(now, read)).isPresent();
  }

  private static boolean isSame(Volume now, Volume read) {
    return now.details().id().equals(read.details().id());
  }

  /** Refuses to destroy data of a volume that the operator protected. */
  public void requireUnprotected(String operation, Volume volume) {
    Protection protection = volume.details().protection();
    if (protection.holdsAt(clock.instant())) {
      String end = protection instanceof Protection.Until(Instant time) ? time.toString() : "";
      throw new ProtectedVolume(operation, volume.name().text(), end);
    }
  }

  /**
   * This host. Volumes can be created even if its identity is unknown, as in a chroot without
   * /proc.
   */
  public Host host() {
    try {
      MountTable system = attachments.system();
      return new Host(system.hostId(), system.hostName());
    } catch (FileFailure _) {
      return Host.UNKNOWN;
    }
  }

  public Conflicts conflicts() {
    return new Conflicts(attachments);
  }
}
