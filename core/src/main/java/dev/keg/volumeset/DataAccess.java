package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.MountTable.OutsideMount;
import dev.keg.attachment.MountTable.Reach;
import dev.keg.driver.ClosesFiles;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.file.FileFailures;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Makes a volume's data visible at its driver's mountpoint, without a target, like podman. */
public final class DataAccess {
  private final MountContext context;
  private final VolumeSets sets;
  private final VolumeRegistry registry;
  private final Holds holds;

  public DataAccess(MountContext context, VolumeSets sets) {
    this.context = context;
    this.sets = sets;
    this.registry = context.registry();
    this.holds = new Holds(context);
  }

  /** Makes the data visible and returns its path; idempotent. */
  public Path reveal(String text) {
    return reveal(text, "", UnaryOperator.identity());
  }

  /**
   * The same for a container; empty for the caller alone.
   *
   * @param complete adds the engine to the record, if there is something to mount
   */
  Path reveal(String text, String container, UnaryOperator<Attachment.Mount> complete) {
    Volume volume = registry.get("mount", find("mount", text));
    Optional<Path> mountpoint = holds.mountpoint(volume);
    if (mountpoint.isEmpty()) {
      VolumeHome home = registry.layout().home(volume.name());
      RestoreJournal.requireWhole("mount", volume.name(), home);
      return home.data();
    }
    Attachment.Mount holder = complete.apply(holder(mountpoint.get(), container));
    holds.hold(volume.name(), holder, _ -> {});
    return mountpoint.get();
  }

  private Volume toUnmount(String text) {
    return registry.ids().describe("unmount", find("unmount", text));
  }

  private VolumeName find(String operation, String text) {
    if (!registry.openForReading()) {
      throw new NotFound(operation, text);
    }
    VolumeName name = registry.ids().nameOf(text).orElseThrow(() -> new NotFound(operation, text));
    registry.openForWriting();
    return name;
  }

  /** The record of a use of the data at the driver's mountpoint. */
  Attachment.Mount holder(Path mountpoint, String container) {
    Path real = real(mountpoint);
    return context.record(PlanOwner.of(container, real), real, false, false);
  }

  // The mount table contains no symbolic links, but the path of the root may.
  static Path real(Path mountpoint) {
    return FileFailures.translate(
        "mount", mountpoint, () -> Files.exists(mountpoint) ? mountpoint.toRealPath() : mountpoint);
  }

  /**
   * Unmounts the volume everywhere it was mounted by hand, including at its driver's mountpoint; no
   * mount is not an error. Mounts of containers stay.
   */
  public void conceal(String text, boolean lazy) {
    Volume volume = toUnmount(text);
    holds.requireNotReplaced("unmount", volume.name());
    List<Attachment.Mount> byHand = mountsByHand(volume.name());
    byHand.forEach(mount -> release(volume, mount, lazy));
    releaseMoved(volume.name(), lazy);
    // A plain directory is always visible, so unmounting it takes nothing from its holders.
    if (byHand.isEmpty() && holds.mountpoint(volume).isPresent()) {
      context.services().conflicts().refuseHeld("unmount", volume.name());
    }
    holds.settle(volume.name(), lazy);
  }

  /** Unmounts a snapshot everywhere it was mounted by hand; no mount is not an error. */
  public void conceal(String text, SnapshotName snapshot, boolean lazy) {
    Path kept = registry.snapshots().home(find("unmount", text), snapshot).path();
    if (Files.isDirectory(kept)) {
      List<String> places = context.attachments().mounts().of(kept);
      places.forEach(place -> sets.unmountMovedTo(path(place), lazy));
    }
  }

  private List<Attachment.Mount> mountsByHand(VolumeName name) {
    return context.attachments().recorded(name).stream()
        .filter(Attachment.Mount.class::isInstance)
        .map(Attachment.Mount.class::cast)
        .filter(this::isOurs)
        .toList();
  }

  private void releaseMoved(VolumeName name, boolean lazy) {
    for (OutsideMount stray : context.attachments().strays(name, Reach.HERE)) {
      sets.unmountMovedTo(path(stray.target()), lazy);
    }
  }

  /**
   * Unmounts the volume everywhere it was mounted by hand, and closes the files that programs have
   * open in it. Refused if a container or a machine has it. The volume is held at its driver's
   * mountpoint until the end, so closing its files and unmounting it happens under one lock.
   */
  public void concealByForce(String text) {
    Volume volume = toUnmount(text);
    VolumeDriver driver = context.services().driver("unmount", volume);
    if (!(driver instanceof ClosesFiles closing)) {
      throw new NotSupported(
          "unmount",
          text,
          "driver '%s' cannot close open files; --lazy waits for them".formatted(volume.driver()));
    }
    VolumeName name = volume.name();
    Attachment.Mount last = holder(driver.mountpoint(volume, registry.layout().home(name)), "");
    try (var _ = registry.lock().lock(name)) {
      holds.requireNotReplaced("unmount", name);
      context
          .services()
          .conflicts()
          .refuseOthers("unmount", name, other -> other instanceof Attachment.Mount m && isOurs(m));
      context.attachments().add(name, last);
    }
    for (Attachment.Mount mount : mountsByHand(name)) {
      if (!mount.isSameHold(last)) {
        release(volume, mount, false);
      }
    }
    releaseMoved(name, false);
    holds.releaseByForce(name, last, closing);
  }

  private boolean isOurs(Attachment.Mount mount) {
    return mount.container().isEmpty() && mount.host().equals(context.system().hostId());
  }

  private void release(Volume volume, Attachment.Mount mount, boolean lazy) {
    Path target = path(mount.target());
    // Under the lock of whatever is mounted there: it may be another volume by now.
    try (var _ = registry.lock().lockContainer(new PlanOwner.Hand(target).key())) {
      if (context.attachments().recorded(volume.name()).contains(mount)) {
        releaseAt(target, volume, mount, lazy);
      }
    }
  }

  private void releaseAt(Path target, Volume volume, Attachment.Mount mount, boolean lazy) {
    if (sets.unmountMadeAt(target, lazy)) {
      return;
    }
    // Without a plan, it is the driver's own mount, or its plan was lost.
    if (!isDrivers(volume, mount) && mount.boot().equals(context.system().bootId())) {
      context.publisher().get().withdraw(target, lazy);
    }
    holds.release(volume.name(), mount, lazy);
  }

  private Path path(String text) {
    return registry.layout().root().getFileSystem().getPath(text);
  }

  private boolean isDrivers(Volume volume, Attachment.Mount mount) {
    // Also compare its own name: on Windows the real path of a mount point may differ.
    return holds
        .mountpoint(volume)
        .filter(
            mountpoint ->
                mountpoint.toString().equals(mount.target())
                    || holder(mountpoint, "").target().equals(mount.target()))
        .isPresent();
  }
}
