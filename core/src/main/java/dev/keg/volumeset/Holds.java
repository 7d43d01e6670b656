package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.driver.ClosesFiles;
import dev.keg.driver.KnowsHolders;
import dev.keg.driver.MountRequest;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.file.FileFailures;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.registry.lock.RestoreLock;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Takes volumes for holders and releases them. The record is written before the first mount and
 * deleted after the last unmount, so every use is recorded. For the first holder, the driver makes
 * the data visible; after the last one, it unmounts the data.
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

  /** The holder's use of the data. */
  @FunctionalInterface
  interface Use {
    void begin(Path data);
  }

  /**
   * Takes the volume for the holder and begins its use; after a failure, the holder does not hold
   * it.
   */
  void hold(VolumeName name, Attachment.Mount holder, Use use) {
    hold("mount", name, holder, use);
  }

  /** The same for a command other than {@code mount}. */
  void hold(String operation, VolumeName name, Attachment.Mount holder, Use use) {
    try (var _ = registry.lock().lock(name)) {
      requireAsking(operation, name, holder);
      requireNotReplaced(operation, name);
      RestoreJournal.requireWhole(operation, name, registry.layout().home(name));
      take(name, holder, use);
    }
  }

  // The next engine may have taken the same hold meanwhile, which this one would invalidate.
  private void requireAsking(String operation, VolumeName name, Attachment.Mount holder) {
    if (holder.engine().filter(context.system()::hasEnded).isPresent()) {
      throw new MountFailed(operation, name.text(), "the engine that asked for it has ended", null);
    }
  }

  /**
   * Takes a volume that a killed restore left between old and new content, to complete the restore.
   * The caller holds the volume's lock.
   */
  void holdAnyhow(VolumeName name, Attachment.Mount holder) {
    take(name, holder, _ -> {});
  }

  /**
   * Refuses a volume whose data a restore is replacing. The hold of a restore looks like a mount by
   * hand; only its lock tells whether it still runs.
   */
  void requireNotReplaced(String operation, VolumeName name) {
    boolean exclusive =
        attachments.current(name).stream()
            .anyMatch(other -> other instanceof Attachment.Mount mount && mount.exclusive());
    if (exclusive) {
      RestoreLock.requireFree(operation, name, registry.layout().home(name));
    }
  }

  private void take(VolumeName name, Attachment.Mount holder, Use use) {
    Volume volume = registry.get("mount", name);
    context.services().conflicts().refuseMounting(name, holder);
    forgetEarlierBoots(name, holder);
    attachments.add(name, holder);
    boolean withoutTarget = isWithoutTarget(volume, holder);
    if (withoutTarget) {
      registry.viewers().disown(registry.layout().home(name));
    }
    try {
      // A command that reads the data uses it as others hold it, and leaves the right to write to
      // them.
      boolean toRead = holder.readOnly() && (!withoutTarget || isHeldByOthers(name, holder));
      Path data = visible(volume, toRead, Attachments.id(holder));
      context.tuning().shown(volume, data);
      use.begin(data);
    } catch (RuntimeException e) {
      letGo(volume, holder, e);
      throw e;
    }
  }

  private boolean isHeldByOthers(VolumeName name, Attachment.Mount holder) {
    return attachments.current(name).stream().anyMatch(other -> !other.isSameHold(holder));
  }

  /** Whether the hold is for reading the data at the driver's mountpoint. */
  private boolean isWithoutTarget(Volume volume, Attachment.Mount holder) {
    return holder.container().isEmpty()
        && mountpoint(volume)
            .map(DataAccess::real)
            .filter(path -> path.toString().equals(holder.target()))
            .isPresent();
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

  // Mount even if others hold the volume: if its mount were gone, the holder would see the empty
  // directory below it, and a database would start empty.
  private Path visible(Volume volume, boolean readOnly, String holder) {
    VolumeHome home = registry.layout().home(volume.name());
    VolumeDriver driver = driver("mount", volume);
    if (driver.alwaysVisible(volume)) {
      return driver.mountpoint(volume, home);
    }
    context.services().conflicts().refuseOnlyStrays("mount", volume.name());
    return driver.mount(
        new MountRequest(
            volume,
            home,
            context.services().drivers().options(volume),
            context.services().secrets(),
            readOnly,
            holder));
  }

  private VolumeDriver driver(String operation, Volume volume) {
    return context.services().driver(operation, volume);
  }

  private void letGo(Volume volume, Attachment.Mount holder, RuntimeException failure) {
    try {
      attachments.remove(volume.name(), holder, () -> end(volume, holder, false));
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Releases the volume after its use; a volume that is missing or not held is not an error. */
  void release(VolumeName name, Attachment.Mount holder, boolean lazy) {
    release(name, holder, volume -> end(volume, holder, lazy));
  }

  /** Releases the volume; if nobody else holds it, its open files are closed. */
  void releaseByForce(VolumeName name, Attachment.Mount holder, ClosesFiles driver) {
    release(
        name,
        holder,
        volume -> {
          if (attachments.others(name, holder).isEmpty()) {
            takeDown(volume, false, driver::closeAndUnmount);
          }
        });
  }

  private void release(VolumeName name, Attachment.Mount holder, Consumer<Volume> end) {
    try (var _ = registry.lock().lock(name)) {
      attachments.remove(name, holder, () -> registry.find(name).ifPresent(end));
    }
  }

  /** Releases the holds of engines that have ended, unless a container has the data. */
  void endLeftBehind(VolumeName name) {
    try (var _ = registry.lock().lock(name)) {
      if (!attachments.leftBehind(name).isEmpty()) {
        context.system().refresh();
        attachments.leftBehind(name).forEach(hold -> release(name, hold, false));
      }
    }
  }

  /** Unmounts data that a killed command or engine left visible, if nobody holds the volume. */
  void settle(VolumeName name, boolean lazy) {
    try (var _ = registry.lock().lock(name)) {
      endLeftBehind(name);
      if (attachments.current(name).isEmpty()) {
        registry.find(name).ifPresent(volume -> takeDown(volume, lazy));
      }
    }
  }

  private void end(Volume volume, Attachment.Mount holder, boolean lazy) {
    if (attachments.others(volume.name(), holder).isEmpty()) {
      takeDown(volume, lazy);
      return;
    }
    // The data stays in place, so a holder can leave even if the driver is missing now.
    if (context.services().available(volume).orElse(null) instanceof KnowsHolders driver) {
      driver.release(volume, registry.layout().home(volume.name()), Attachments.id(holder));
    }
  }

  private void takeDown(Volume volume, boolean lazy) {
    takeDown(volume, lazy, (held, home) -> driver("unmount", held).unmount(held, home));
  }

  private void takeDown(Volume volume, boolean lazy, BiConsumer<Volume, VolumeHome> unmount) {
    VolumeDriver driver = driver("unmount", volume);
    if (driver.alwaysVisible(volume)) {
      return;
    }
    VolumeHome home = registry.layout().home(volume.name());
    Path data = driver.mountpoint(volume, home);
    context.tuning().hiding(volume, data);
    if (lazy) {
      hide(data);
    }
    try {
      unmount.accept(volume, home);
    } catch (RuntimeException e) {
      tuneAgain(volume, data, e);
      throw e;
    }
  }

  private void tuneAgain(Volume volume, Path data, RuntimeException failure) {
    try {
      context.tuning().shown(volume, data);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  // The mount table contains no symbolic links, but the path of the root may.
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

  /** Where the driver makes the data visible, unless it is always visible. */
  Optional<Path> mountpoint(Volume volume) {
    VolumeDriver driver = driver("mount", volume);
    return driver.alwaysVisible(volume)
        ? Optional.empty()
        : Optional.of(driver.mountpoint(volume, registry.layout().home(volume.name())));
  }
}
