package dev.keg.cloning;

import dev.keg.attachment.Conflicts.CopySource;
import dev.keg.driver.Adopts;
import dev.keg.driver.Clones;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.Freezes;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.file.FileFailures;
import dev.keg.file.Subvolumes;
import dev.keg.lifecycle.NewVolume;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.tree.FileTrees;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Copies volumes, and snapshots of them, under the locks of source and target, so that nobody
 * starts writing to the source.
 */
public final class Cloning {
  private static final String OPERATION = "clone";

  private final Services services;
  private final VolumeRegistry registry;
  private final FileTrees trees;
  private final TreeListener listener;

  /** Copies without progress. */
  public Cloning(Services services, FileTrees trees) {
    this(services, trees, TreeListener.NONE);
  }

  /**
   * @param listener receives the progress of copied files
   */
  public Cloning(Services services, FileTrees trees, TreeListener listener) {
    this.services = services;
    this.registry = services.registry();
    this.trees = trees;
    this.listener = listener;
  }

  /**
   * The amount of data to copy file by file. Drivers report the progress of their own copies; for a
   * snapshot, the amount is unknown, and a subvolume is usually copied as a whole.
   */
  public Size files(VolumeAt from) {
    Volume volume = registry.get(OPERATION, registry.openFor(OPERATION, from.volume()));
    VolumeDriver driver = services.driver(OPERATION, volume);
    return from.at().isPresent()
            || driver instanceof Clones
            || !driver.alwaysVisible(volume)
            || isSubvolume(driver.mountpoint(volume, services.home(volume.name())))
        ? Size.ZERO
        : new Volumes(services).usage(volume);
  }

  private static boolean isSubvolume(Path data) {
    return FileFailures.<Boolean>translate(
        "examine", data, () -> Subvolumes.ofSystem().number(data).isPresent());
  }

  /** Creates the volume with the labels of the source, or its snapshot, and the given ones. */
  public Volume clone(VolumeAt from, String to, Labels labels) {
    VolumeName target = VolumeName.forNew(OPERATION, to);
    VolumeName source = registry.openFor(OPERATION, from.volume());
    services.takeBackUnfinished(source);
    try (var _ = registry.lock().lock(source, target)) {
      Volume now = registry.get(OPERATION, source);
      if (registry.find(target).isPresent()) {
        throw new AlreadyExists(OPERATION, from.toString(), to);
      }
      Optional<SnapshotName> snapshot = from.at();
      Volume volume =
          snapshot
              .map(name -> registry.snapshots().get(OPERATION, source, name).volume())
              .orElse(now);
      VolumeHome home =
          snapshot
              .map(name -> registry.snapshots().home(source, name))
              .orElseGet(() -> services.home(source));
      VolumeDriver driver = services.driver(OPERATION, volume);
      if (snapshot.isEmpty()) {
        requireStill(volume, driver);
      }
      // The source may be anonymous; the copy has a name.
      Labels all = volume.labels().without(List.of(Labels.ANONYMOUS)).with(labels);
      Volume copy =
          new Volume(
                  target,
                  volume.driver(),
                  options(volume, driver, target),
                  all,
                  services.clock().instant())
              .withDescription(volume.details().description());
      // Only in the same pool can it share the source's data.
      PoolName pool = registry.layout().places().poolOf(source);
      return new NewVolume(services, OPERATION, copy, Ownership.DEFAULT, pool)
          .publish(request -> fill(volume, home, driver, request));
    }
  }

  private Options options(Volume volume, VolumeDriver driver, VolumeName copy) {
    if (!(driver instanceof Clones clones)) {
      return volume.options();
    }
    return driver instanceof Adopts
        ? services.drivers().withoutPlace(volume)
        : clones.optionsOfClone(volume, copy);
  }

  /** Refuses a volume with a writer, since the copy would mix old and new data. */
  private void requireStill(Volume volume, VolumeDriver driver) {
    CopySource source =
        driver instanceof Freezes
            ? CopySource.FREEZING
            : driver.alwaysVisible(volume) ? CopySource.DIRECTORY : CopySource.DISK;
    services.conflicts().refuseCopying(OPERATION, volume.name(), source);
    RestoreJournal.requireWhole(OPERATION, volume.name(), services.home(volume.name()));
  }

  private void fill(Volume source, VolumeHome from, VolumeDriver driver, CreateRequest request) {
    if (driver instanceof Clones clones) {
      clones.cloneFrom(source, from, request);
    } else if (driver.alwaysVisible(source)) {
      driver.create(request);
      new DirectoryCopy(trees, OPERATION, source.name(), listener)
          .run(driver.mountpoint(source, from), request.home().data());
    } else {
      throw new NotSupported(
          OPERATION,
          source.name().text(),
          "driver '%s' cannot copy; `keg export` and `keg import` move the data into a volume"
                  .formatted(source.driver())
              + " of another driver");
    }
  }
}
