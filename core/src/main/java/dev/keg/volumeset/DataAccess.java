package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.MountTable.Reach;
import dev.keg.attachment.MountTable.Sighting;
import dev.keg.driver.ClosesFiles;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.file.FileFailures;
import dev.keg.registry.RestoreJournal;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes a volume's data visible at its driver's mountpoint, without a target, like podman does. */
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

  /** Makes the data visible and returns its path. Data that is already visible is fine. */
  public Path reveal(String text) {
    return reveal(text, "");
  }

  /** The same for a container; empty if for nobody but who asks. */
  Path reveal(String text, String container) {
    Volume volume = find("mount", text);
    Optional<Path> mountpoint = holds.mountpoint(volume);
    if (mountpoint.isEmpty()) {
      VolumeHome home = registry.layout().home(volume.name());
      RestoreJournal.requireWhole("mount", volume.name(), home);
      return home.data();
    }
    holds.hold(volume.name(), holder(mountpoint.get(), container), _ -> {});
    return mountpoint.get();
  }

  private Volume find(String operation, String text) {
    if (!registry.openForReading()) {
      throw new NotFound(operation, text);
    }
    VolumeName name = registry.nameOf(text).orElseThrow(() -> new NotFound(operation, text));
    registry.openForWriting();
    return registry.get(operation, name);
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
   * mount is fine. Mounts of containers stay.
   */
  public void conceal(String text, boolean lazy) {
    Volume volume = find("unmount", text);
    holds.requireNotReplaced("unmount", volume.name());
    List<Attachment> holders = context.attachments().recorded(volume.name());
    for (Attachment holder : holders) {
      if (holder instanceof Attachment.Mount mount && isOurs(mount)) {
        release(volume, mount, lazy);
      }
    }
    for (Sighting stray : context.attachments().strays(volume.name(), Reach.HERE)) {
      sets.unmountMovedTo(path(stray.target()), lazy);
    }
    boolean anyByHand =
        holders.stream().anyMatch(h -> h instanceof Attachment.Mount m && isOurs(m));
    // A plain directory is always visible: unmounting it takes nothing from its holders.
    if (!anyByHand && holds.mountpoint(volume).isPresent()) {
      context.services().conflicts().refuseHeld("unmount", volume.name());
    }
    holds.settle(volume.name(), lazy);
  }

  /**
   * Closes the files that programs have open in the volume, and unmounts it everywhere it was
   * mounted by hand. Refused if a container or a machine has it.
   */
  public void concealByForce(String text) {
    Volume volume = find("unmount", text);
    if (!(context.services().driver("unmount", volume) instanceof ClosesFiles driver)) {
      throw new NotSupported(
          "unmount",
          text,
          "driver '%s' cannot close open files; --lazy waits for them".formatted(volume.driver()));
    }
    VolumeName name = volume.name();
    try (var _ = registry.lock().lock(name)) {
      holds.requireNotReplaced("unmount", name);
      context
          .services()
          .conflicts()
          .refuseOthers("unmount", name, other -> other instanceof Attachment.Mount m && isOurs(m));
      driver.closeFiles(registry.get("unmount", name), registry.layout().home(name));
    }
    conceal(text, false);
  }

  private boolean isOurs(Attachment.Mount mount) {
    return mount.container().isEmpty() && mount.host().equals(context.system().hostId());
  }

  private void release(Volume volume, Attachment.Mount mount, boolean lazy) {
    Path target = path(mount.target());
    if (sets.unmountMadeAt(target, lazy)) {
      return;
    }
    // Without a plan it is the driver's own mount, or its plan was lost.
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
