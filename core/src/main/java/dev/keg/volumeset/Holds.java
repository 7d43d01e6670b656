package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.driver.MountRequest;
import dev.keg.driver.VolumeDriver;
import dev.keg.file.FileFailures;
import dev.keg.registry.RestoreJournal;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Lets holders take volumes and give them back. The record is written before anything is mounted
 * and removed after everything is gone, so that a volume is never in use unrecorded; the first
 * holder has the driver make the data visible, the last one has it taken down.
 */
final class Holds {
  private final MountContext context;
  private final VolumeRegistry registry;
  private final Attachments attachments;

  Holds(MountContext context) {
    this.context = context;
    this.registry = context.registry();
    this.attachments = context.attachments();
  }

  /** What a holder does with the data. */
  @FunctionalInterface
  interface Use {
    void begin(Path data);
  }

  /** Takes the volume for the holder and begins its use; on failure nobody holds it for them. */
  void hold(VolumeName name, Attachment.Mount holder, Use use) {
    hold("mount", name, holder, use);
  }

  /** The same for another command than {@code mount}. */
  void hold(String operation, VolumeName name, Attachment.Mount holder, Use use) {
    try (var _ = registry.lock().lock(name)) {
      RestoreJournal.requireWhole(operation, name, registry.layout().home(name));
      take(name, holder, use);
    }
  }

  /** Takes a volume whose content a killed restore left between old and new, to end that. */
  void holdAnyhow(VolumeName name, Attachment.Mount holder) {
    try (var _ = registry.lock().lock(name)) {
      take(name, holder, _ -> {});
    }
  }

  private void take(VolumeName name, Attachment.Mount holder, Use use) {
    Volume volume = registry.get("mount", name);
    context.services().conflicts().refuseMounting(name, holder);
    forgetEarlierBoots(name, holder);
    attachments.add(name, holder);
    try {
      use.begin(visible(volume));
    } catch (RuntimeException e) {
      letGo(volume, holder, e);
      throw e;
    }
  }

  private void forgetEarlierBoots(VolumeName name, Attachment.Mount holder) {
    for (Attachment other : attachments.recorded(name)) {
      if (other instanceof Attachment.Mount mount
          && mount.host().equals(holder.host())
          && !mount.boot().equals(holder.boot())) {
        attachments.remove(name, mount);
      }
    }
  }

  // Asked even if others hold the volume: were its mount gone, the directory behind it would be
  // handed out, and a database started on nothing.
  private Path visible(Volume volume) {
    VolumeHome home = registry.layout().home(volume.name());
    VolumeDriver driver = driver("mount", volume);
    if (driver.alwaysVisible(volume)) {
      return driver.mountpoint(volume, home);
    }
    return driver.mount(
        new MountRequest(
            volume,
            home,
            context.services().drivers().options(volume),
            context.services().secrets()));
  }

  private VolumeDriver driver(String operation, Volume volume) {
    return context.services().driver(operation, volume);
  }

  private void letGo(Volume volume, Attachment.Mount holder, RuntimeException failure) {
    try {
      attachments.remove(volume.name(), holder);
      takeDownAfterLast(volume, false);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Gives the volume back, its use being over; one that is not held or not there is fine. */
  void release(VolumeName name, Attachment.Mount holder, boolean lazy) {
    try (var _ = registry.lock().lock(name)) {
      attachments.remove(name, holder);
      try {
        registry.find(name).ifPresent(volume -> takeDownAfterLast(volume, lazy));
      } catch (RuntimeException e) {
        recordAgain(name, holder, e);
        throw e;
      }
    }
  }

  // The driver's own mount may be what could not be taken down.
  private void recordAgain(VolumeName name, Attachment.Mount holder, RuntimeException failure) {
    try {
      if (attachments.isCurrent(holder)) {
        attachments.add(name, holder);
      }
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Takes down what a killed command may have left visible, if nobody holds the volume. */
  void settle(VolumeName name, boolean lazy) {
    try (var _ = registry.lock().lock(name)) {
      registry.find(name).ifPresent(volume -> takeDownAfterLast(volume, lazy));
    }
  }

  private void takeDownAfterLast(Volume volume, boolean lazy) {
    if (!attachments.current(volume.name()).isEmpty()) {
      return;
    }
    VolumeDriver driver = driver("unmount", volume);
    if (driver.alwaysVisible(volume)) {
      return;
    }
    VolumeHome home = registry.layout().home(volume.name());
    if (lazy) {
      hide(driver.mountpoint(volume, home));
    }
    driver.unmount(volume, home);
  }

  // The mount table has no links in it, and the root may be reached through one.
  private void hide(Path mountpoint) {
    Path real =
        FileFailures.translate(
            "unmount",
            mountpoint,
            () -> mountpoint.resolveSibling("").toRealPath().resolve(mountpoint.getFileName()));
    if (context.isMounted(real)) {
      context.publisher().get().withdraw(real, true);
    }
  }

  /** Where the driver makes the data visible, if it has to be asked for that. */
  Optional<Path> mountpoint(Volume volume) {
    VolumeDriver driver = driver("mount", volume);
    return driver.alwaysVisible(volume)
        ? Optional.empty()
        : Optional.of(driver.mountpoint(volume, registry.layout().home(volume.name())));
  }
}
