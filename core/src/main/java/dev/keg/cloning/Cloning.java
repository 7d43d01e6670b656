package dev.keg.cloning;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.driver.Clones;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.Drivers;
import dev.keg.driver.Freezes;
import dev.keg.driver.Secrets;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Foundations;
import dev.keg.registry.RestoreJournal;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Labels;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.time.Clock;
import java.util.List;

/** Copies volumes under the locks of both, so that nobody begins to write to the source. */
public final class Cloning {
  private static final String OPERATION = "clone";

  private final VolumeRegistry registry;
  private final Attachments attachments;
  private final Drivers drivers;
  private final Clock clock;
  private final Secrets secrets;

  public Cloning(
      VolumeRegistry registry,
      Attachments attachments,
      Drivers drivers,
      Clock clock,
      Secrets secrets) {
    this.registry = registry;
    this.attachments = attachments;
    this.drivers = drivers;
    this.clock = clock;
    this.secrets = secrets;
  }

  /** Makes the volume with the labels of the source, and these. */
  public Volume clone(String from, String to, Labels labels) {
    VolumeName target = new VolumeName(to);
    VolumeName source = registry.openFor(OPERATION, from);
    try (var _ = registry.lock().lock(source, target)) {
      Volume volume = registry.get(OPERATION, source);
      if (registry.find(target).isPresent()) {
        throw new AlreadyExists(OPERATION, from, to);
      }
      VolumeDriver driver = drivers.open(volume.driver(), OPERATION, from);
      requireStill(volume, driver);
      // Of the two, only the source was given no name.
      Labels all = volume.labels().without(List.of(Labels.ANONYMOUS)).with(labels);
      return make(
          volume,
          new Volume(target, volume.driver(), volume.options(), all, clock.instant()),
          driver);
    }
  }

  /** Who may write while the copy is made would make it neither old nor new. */
  private void requireStill(Volume volume, VolumeDriver driver) {
    VolumeName name = volume.name();
    List<Attachment> holders =
        attachments.current(name).stream()
            .filter(holder -> !isHarmless(holder, volume, driver))
            .toList();
    Attachments.refuse(OPERATION, name, holders);
    if (!(driver instanceof Freezes)) {
      attachments.requireNoMounts(OPERATION, name);
    }
    RestoreJournal.requireWhole(OPERATION, volume.name(), registry.layout().home(volume.name()));
  }

  // A file system that is mounted here waits, if its driver can have it wait. One that cannot, and
  // is mounted for readers only, may still have to write what was written to it before.
  private boolean isHarmless(Attachment holder, Volume volume, VolumeDriver driver) {
    return switch (holder) {
      case Attachment.Disk disk -> disk.readOnly();
      case Attachment.Mount mount ->
          driver instanceof Freezes
              ? attachments.isMountedHere(mount)
              : mount.readOnly() && driver.alwaysVisible(volume);
    };
  }

  private Volume make(Volume source, Volume copy, VolumeDriver driver) {
    VolumeHome home = registry.stage(copy.name());
    try {
      fill(source, copy, home, driver);
      new Foundations(registry, attachments, drivers).requireStill(OPERATION, copy, home);
      registry.publish(copy, home);
      return copy;
    } catch (RuntimeException e) {
      // The work was interrupted, not what clears up after it.
      var _ = Thread.interrupted();
      try {
        registry.abandon(home);
      } catch (VolumeException undo) {
        e.addSuppressed(undo);
      }
      throw e;
    }
  }

  private void fill(Volume source, Volume copy, VolumeHome home, VolumeDriver driver) {
    VolumeHome from = registry.layout().home(source.name());
    var request = new CreateRequest(copy, home, drivers.options(copy), Ownership.DEFAULT, secrets);
    if (driver instanceof Clones clones) {
      clones.cloneFrom(from, request);
    } else if (driver.alwaysVisible(source)) {
      driver.create(request);
      new DirectoryCopy(source.name()).run(driver.mountpoint(source, from), home.data());
    } else {
      throw new NotSupported(
          OPERATION,
          source.name().text(),
          "driver '%s' cannot make a copy; `keg export` and `keg import` bring the data into a volume"
                  .formatted(source.driver())
              + " of another driver");
    }
  }
}
