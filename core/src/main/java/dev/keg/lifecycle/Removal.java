package dev.keg.lifecycle;

import dev.keg.attachment.MountTable.MountPoint;
import dev.keg.driver.Adopts;
import dev.keg.driver.Dependents;
import dev.keg.driver.Snapshots;
import dev.keg.driver.VolumeDriver;
import dev.keg.driver.VolumePlugins.Keeps;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.DriverUnavailable;
import dev.keg.error.DriverException.UnknownDriver;
import dev.keg.error.HolderException.ActiveMounts;
import dev.keg.error.HolderException.HasDependents;
import dev.keg.error.PoolException.HasArchive;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.SnapshotException.HasSnapshots;
import dev.keg.file.FileFailures;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.registry.lock.MoveLock;
import dev.keg.registry.lock.RestoreLock;
import dev.keg.registry.lock.SnapshotLock;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Removes volumes that are not in use. The caller holds the lock. */
public final class Removal {
  private final Services services;
  private final VolumeRegistry registry;

  Removal(Services services) {
    this.services = services;
    this.registry = services.registry();
  }

  /** How far a removal goes. */
  public enum Mode {
    /** Refuses a volume that is missing or damaged, or whose driver is missing. */
    NORMAL,
    /** Accepts a volume that is missing or damaged, or whose driver is missing. */
    FORCE
  }

  /** What happens to adopted data, which is outside the volume's home. */
  public enum Adopted {
    /** It stays. */
    KEEP,
    /** It is deleted with the volume. */
    DELETE
  }

  /** What happens to the snapshots of a removed volume. */
  public enum OwnSnapshots {
    /** The volume is not removed. */
    REFUSE,
    /** They are deleted with it. */
    DELETE
  }

  /** Removes the volume; false if there is none. */
  boolean remove(VolumeName name, Mode mode, Adopted adopted, OwnSnapshots snapshots) {
    Optional<Volume> volume = find(name, mode);
    if (volume.isEmpty()) {
      return false;
    }
    registry.catalog().requireHere("remove", volume.get());
    services.requireUnprotected("remove", volume.get());
    requireUnheld("remove", volume.get());
    if (snapshots == OwnSnapshots.REFUSE) {
      requireNoSnapshots(name);
    }
    Optional<Path> data =
        adopted == Adopted.DELETE ? elsewhere(volume.get()) : Optional.<Path>empty();
    withdrawn(name, () -> prepare(volume.get(), mode));
    data.ifPresentOrElse(
        path -> registry.remove(name, path), () -> registry.remove(List.of(name), Size.ZERO));
    return true;
  }

  private void requireNoSnapshots(VolumeName name) {
    List<String> found = registry.snapshots().names(name).stream().map(SnapshotName::text).toList();
    if (!found.isEmpty()) {
      throw new HasSnapshots("remove", name.text(), found);
    }
  }

  private Optional<Path> elsewhere(Volume volume) {
    VolumeDriver driver = services.driver("remove", volume);
    Optional<Path> data =
        driver instanceof Adopts adopts
            ? adopts.elsewhere(volume, services.home(volume.name()))
            : Optional.empty();
    data.ifPresent(path -> requireNothingMounted(volume, path));
    if (data.isPresent()) {
      requireNothingBuilt(volume, (Adopts) driver);
    }
    return data;
  }

  private void requireNothingBuilt(Volume volume, Adopts driver) {
    List<String> dependents =
        driver.dependents(volume, services.home(volume.name())).stream()
            .map(VolumeName::text)
            .toList();
    if (!dependents.isEmpty()) {
      throw new HasDependents("remove", volume.name().text(), dependents);
    }
  }

  private void requireNothingMounted(Volume volume, Path data) {
    List<String> mounts =
        services.attachments().system().mounts().stream()
            .map(MountPoint::target)
            .filter(target -> target.startsWith(data))
            .map(Path::toString)
            .toList();
    if (!mounts.isEmpty()) {
      throw new ActiveMounts("remove", volume.name().text(), mounts);
    }
  }

  // With force, a damaged volume is treated as a plain directory.
  private Optional<Volume> find(VolumeName name, Mode mode) {
    try {
      return registry.find(name).filter(registry.ids()::isMeant);
    } catch (Damaged e) {
      if (mode != Mode.FORCE) {
        throw e;
      }
      return Optional.of(Volume.plain(name));
    }
  }

  /** Prepares a removal: the driver may delete data, which no other host may start to use. */
  void withdrawn(VolumeName name, Runnable preparing) {
    registry.catalog().withdraw(name);
    try {
      preparing.run();
    } catch (RuntimeException e) {
      tried(() -> registry.catalog().offer(name), e);
      throw e;
    }
  }

  private static void tried(Runnable work, RuntimeException failure) {
    try {
      work.run();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void prepare(Volume volume, Mode mode) {
    Optional<VolumeDriver> driver = driver(volume, mode);
    VolumeHome home = services.home(volume.name());
    driver.ifPresent(d -> discardFilling(volume, d, home));
    driver.ifPresent(d -> unlessForced(volume, d, mode, () -> d.unmount(volume, home)));
    services.conflicts().refuseMounts("remove", volume.name());
    driver.ifPresent(d -> unlessForced(volume, d, mode, () -> remove(volume, d, home)));
  }

  // The directory of a bind volume stays and must not keep an unfinished restore.
  private static void discardFilling(Volume volume, VolumeDriver driver, VolumeHome home) {
    if (Files.exists(RegistryLayout.restoreJournal(home))) {
      RestoreJournal.discardFilling(home, driver.mountpoint(volume, home));
      RestoreJournal.discardFilling(home, driver.storage(volume, home).path());
      // The local driver can use a directory of the host in this way.
      volume
          .options()
          .text("device")
          .flatMap(device -> directory(home, device))
          .ifPresent(device -> RestoreJournal.discardFilling(home, device));
    }
  }

  private static Optional<Path> directory(VolumeHome home, String device) {
    try {
      return Optional.of(home.path().resolve(device));
    } catch (InvalidPathException _) {
      return Optional.empty(); // It names something else, as a server, which no path here can.
    }
  }

  private void remove(Volume volume, VolumeDriver driver, VolumeHome home) {
    if (driver instanceof Snapshots power) {
      for (SnapshotName snapshot : registry.snapshots().names(volume.name())) {
        power.discard(volume, registry.snapshots().home(volume.name(), snapshot));
      }
    }
    driver.remove(volume, home);
  }

  /**
   * With force, as with docker's, a volume is removed although its plugin fails; the plugin may
   * then still have it.
   */
  private void unlessForced(Volume volume, VolumeDriver driver, Mode mode, Runnable work) {
    try {
      work.run();
    } catch (DriverFailed e) {
      if (mode != Mode.FORCE || !(driver instanceof Keeps)) {
        throw e;
      }
      registry.warn(
          "%s; %s is forgotten here, and the plugin may still have it"
              .formatted(e.getMessage(), volume.name()));
    }
  }

  private Optional<VolumeDriver> driver(Volume volume, Mode mode) {
    try {
      return Optional.of(services.driver("remove", volume));
    } catch (DriverUnavailable | UnknownDriver e) {
      if (mode != Mode.FORCE) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Prepares the removal of a volume without holders or mounts. */
  void prepareUnused(Volume volume) {
    services.driver("remove", volume).remove(volume, services.home(volume.name()));
  }

  /** Lets the driver release a volume that nobody uses; refuses one that is in use. */
  void release(String operation, Volume volume) {
    requireUnheld(operation, volume);
    services.driver(operation, volume).unmount(volume, services.home(volume.name()));
    services.conflicts().refuseMounts(operation, volume.name());
  }

  /** Refuses a volume that is held or mounted. */
  void requireUnused(String operation, Volume volume) {
    requireUnheld(operation, volume);
    services.conflicts().refuseMounts(operation, volume.name());
  }

  private void requireUnheld(String operation, Volume volume) {
    VolumeHome home = services.home(volume.name());
    MoveJournal.requireNotLeaving(operation, volume.name(), home);
    MoveLock.requireFree(operation, volume.name(), home);
    RestoreLock.requireNotOthers(operation, volume.name(), home);
    services.conflicts().refuseHeld(operation, volume.name());
    services
        .conflicts()
        .refuseMountedSnapshots(operation, volume.name().text(), registry.layout().snapshots(home));
    for (SnapshotName snapshot : registry.snapshots().names(volume.name())) {
      SnapshotLock.requireFree(
          operation,
          volume.name() + "@" + snapshot,
          registry.snapshots().home(volume.name(), snapshot));
    }
    List<String> dependents = dependents(volume.name());
    if (!dependents.isEmpty()) {
      throw new HasDependents(operation, volume.name().text(), dependents);
    }
    List<PoolName> archives = registry.pools().archivesIn(home.path());
    if (!archives.isEmpty()) {
      throw new HasArchive(operation, volume.name().text(), archives.getFirst().text());
    }
  }

  /** The volumes that are built on this one. */
  List<String> dependents(VolumeName name) {
    VolumeHome home = services.home(name);
    return FileFailures.translate(
        "look for dependents of " + name, home.path(), () -> new Dependents(home).names());
  }
}
