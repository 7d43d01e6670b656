package dev.keg.health;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.MountTable.MountPoint;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.VolumeException;
import dev.keg.registry.RegistryLock;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.Leftovers;
import dev.keg.volumeset.MountContext;
import dev.keg.volumeset.MountListing;
import dev.keg.volumeset.MountListing.Entry;
import dev.keg.volumeset.VolumeSets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares the records of mounts with the actual mounts. */
final class MountCheck {
  private final MountContext context;
  private final Leftovers leftovers;

  MountCheck(MountContext context, VolumeSets sets) {
    this.context = context;
    this.leftovers = new Leftovers(context, sets);
  }

  /** Mounts in the volume's directory although nobody holds the volume. */
  List<Finding> of(Volume volume, List<MountPoint> mounts) {
    if (mounts.isEmpty()) {
      return List.of();
    }
    VolumeName name = volume.name();
    // While a command works on the volume, its mounts may be ahead of its records.
    Optional<RegistryLock.Held> lock = context.registry().lock().tryLock(name);
    if (lock.isEmpty()) {
      return List.of();
    }
    try (var _ = lock.get()) {
      if (!context.attachments().current(name).isEmpty() || isBeingReleased(name)) {
        return List.of();
      }
      return context.attachments().mounts().inside(name).stream()
          .map(mount -> unheld(volume, mount))
          .toList();
    } catch (VolumeException e) {
      return List.of(Finding.unreadable(name.text(), e));
    }
  }

  /**
   * Whether a holder is unmounting it: the mount ends before the lock to remove the record is
   * taken.
   */
  private boolean isBeingReleased(VolumeName name) {
    String boot = context.attachments().system().bootId();
    List<Attachment.Mount> left = context.attachments().leftBehind(name);
    return context.attachments().recorded(name).stream()
        .filter(holder -> !left.contains(holder))
        .anyMatch(holder -> holder instanceof Attachment.Mount mount && mount.boot().equals(boot));
  }

  private Finding unheld(Volume volume, MountPoint mount) {
    String name = volume.name().text();
    boolean ours = isDrivers(volume, mount);
    Finding finding =
        new Finding(
            name,
            mount.target() + " is mounted though nobody holds the volume",
            "the volume cannot be removed or renamed",
            ours ? "unmount it" : "umount " + mount.target());
    return ours ? finding.repairedBy(() -> leftovers.settle(volume.name())) : finding;
  }

  private boolean isDrivers(Volume volume, MountPoint mount) {
    VolumeHome home = context.services().home(volume.name());
    Path volumes = context.registry().layout().volumes(volume.name());
    return context
        .services()
        .available(volume)
        .filter(driver -> !driver.alwaysVisible(volume))
        .map(driver -> volumes.relativize(driver.mountpoint(volume, home)))
        .filter(mount.target()::endsWith)
        .isPresent();
  }

  /** Records of mounts that are gone. */
  List<Finding> stale() {
    List<Finding> findings = new ArrayList<>();
    MountListing.of(context).problems().stream().map(MountCheck::unreadable).forEach(findings::add);
    leftovers.stale().stream().map(this::forget).forEach(findings::add);
    return findings;
  }

  private static Finding unreadable(VolumeException problem) {
    return new Finding(
            problem instanceof Damaged damaged ? damaged.subject() : "mounts",
            String.valueOf(problem.getMessage()),
            "its volumes can be neither removed nor unmounted by name",
            "unmount what it still has mounted, then delete the file")
        .critical();
  }

  private Finding forget(Entry entry) {
    String holder = entry.container().isEmpty() ? "" : " for " + entry.container();
    Finding finding =
        new Finding(
            entry.source(),
            "recorded as mounted at %s%s, but nothing is mounted there"
                .formatted(entry.target(), holder),
            "none; the record is ignored",
            "remove the record");
    return finding.repairedBy(() -> leftovers.forget(entry));
  }
}
