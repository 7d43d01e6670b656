package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.lifecycle.ShownSnapshot;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.lock.Viewers;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes volumes visible to commands that read or replace their data. */
public final class Views {
  private final MountContext context;
  private final VolumeRegistry registry;
  private final Holds holds;
  private final Map<VolumeName, SnapshotName> snapshots;

  public Views(MountContext context) {
    this(context, Map.of());
  }

  private Views(MountContext context, Map<VolumeName, SnapshotName> snapshots) {
    this.context = context;
    this.snapshots = Map.copyOf(snapshots);
    this.registry = context.registry();
    this.holds = new Holds(context);
  }

  /** For a reader, while others may hold the volume. */
  public View open(String operation, VolumeName name) {
    return open(operation, name, true);
  }

  /** For a command that writes to the data, while others may hold the volume. */
  public View openForWriting(String operation, VolumeName name) {
    return open(operation, name, false);
  }

  /** Opens the snapshots of these volumes instead. */
  public Views at(Map<VolumeName, SnapshotName> snapshots) {
    return new Views(context, snapshots);
  }

  /** The snapshot that {@link #open} shows in place of the volume. */
  public Optional<SnapshotName> snapshotOf(VolumeName name) {
    return Optional.ofNullable(snapshots.get(name));
  }

  /** A snapshot of the volume. */
  public View openSnapshot(String operation, VolumeName name, SnapshotName snapshot) {
    var _ = find(operation, name);
    ShownSnapshot view = ShownSnapshot.open(context.services(), operation, name, snapshot);
    return new View(this, view.volume(), view.data(), view);
  }

  private View open(String operation, VolumeName name, boolean readOnly) {
    @Nullable SnapshotName snapshot = snapshots.get(name);
    if (snapshot != null) {
      return openSnapshot(operation, name, snapshot);
    }
    Volume volume = find(operation, name);
    Optional<Path> mountpoint = holds.mountpoint(volume);
    if (mountpoint.isEmpty()) {
      return alwaysVisible(volume);
    }
    Attachment.Mount hold = record(mountpoint.get(), readOnly, false);
    join(operation, volume, hold);
    return new View(this, volume, mountpoint.get(), hold, true);
  }

  /** Uses the existing mount, or makes one for all further readers. */
  private void join(String operation, Volume volume, Attachment.Mount hold) {
    VolumeName name = volume.name();
    Viewers viewers = registry.viewers();
    try (var _ = registry.lock().lock(name)) {
      VolumeHome home = registry.layout().home(name);
      viewers.join(home);
      try {
        if (isRecorded(name, hold)) {
          holds.requireNotReplaced(operation, name);
        } else {
          unnoticed(volume, () -> holds.hold(operation, name, hold, _ -> {}));
          viewers.own(home);
        }
      } catch (RuntimeException e) {
        var _ = viewers.leave(home);
        throw e;
      }
    }
  }

  /** The last user of a mount that was made for them unmounts it. */
  void leave(Volume volume, Attachment.Mount hold) {
    VolumeName name = volume.name();
    try (var _ = registry.lock().lock(name)) {
      if (registry.viewers().leave(registry.layout().home(name))) {
        unnoticed(volume, () -> holds.release(name, hold, false));
      }
    }
  }

  /** Makes a change that does not count as a use: rules consider when a volume was last used. */
  private void unnoticed(Volume volume, Runnable change) {
    context.attachments().unnoticed(volume.name(), volume.created(), change);
  }

  /**
   * For a command that replaces the data: nobody else may hold the volume. The caller has the
   * restore lock, so a hold of this kind was left by a killed command, and is taken over.
   */
  public View openAlone(String operation, VolumeName name) {
    Volume volume = find(operation, name);
    Optional<Path> mountpoint = holds.mountpoint(volume);
    if (mountpoint.isEmpty()) {
      alone(operation, volume, null, () -> {});
      return alwaysVisible(volume);
    }
    Attachment.Mount hold = record(mountpoint.get(), false, true);
    alone(operation, volume, hold, () -> holds.holdAnyhow(name, hold));
    return new View(this, volume, mountpoint.get(), hold, false);
  }

  private Volume find(String operation, VolumeName name) {
    if (!registry.openForReading()) {
      throw new NotFound(operation, name.text());
    }
    registry.openForWriting();
    return registry.get(operation, name);
  }

  private View alwaysVisible(Volume volume) {
    return new View(this, volume, registry.layout().home(volume.name()).data(), null, false);
  }

  private Attachment.Mount record(Path mountpoint, boolean readOnly, boolean exclusive) {
    Path real = DataAccess.real(mountpoint);
    return context.record(new PlanOwner.Hand(real), real, readOnly, exclusive);
  }

  private boolean isRecorded(VolumeName name, Attachment.Mount hold) {
    return context.attachments().current(name).stream().anyMatch(other -> other.isSameHold(hold));
  }

  void alone(String operation, Volume volume, Attachment.@Nullable Mount own, Runnable work) {
    VolumeName name = volume.name();
    try (var _ = registry.lock().lock(name)) {
      var _ = context.services().still(operation, volume);
      context
          .services()
          .conflicts()
          .refuseReplacing(
              operation,
              name,
              other -> own != null && isReplacing(other, own),
              holds.mountpoint(volume).map(DataAccess::real));
      work.run();
    }
  }

  /** A mount by hand is at the same place, but its holder uses the data. */
  private static boolean isReplacing(Attachment other, Attachment.Mount own) {
    return other instanceof Attachment.Mount mount && mount.exclusive() && mount.isSameHold(own);
  }

  void release(VolumeName name, Attachment.Mount hold) {
    holds.release(name, hold, false);
  }
}
