package dev.keg.backup.save;

import dev.keg.driver.VolumeDriver;
import dev.keg.file.FileFailures;
import dev.keg.file.Subvolumes;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.lock.SnapshotLock;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The data of one moment of a volume in a directory that the file system copies as a whole, such as
 * a subvolume of btrfs. Nobody has to wait for it.
 */
record SubvolumeSnapshot(BackupContext context, Volume volume, VolumeDriver driver) {
  private static final String PREFIX = "freeze-";

  /** Does the work on the data; returns false if the file system cannot copy it as a whole. */
  boolean read(Consumer<Path> work) {
    removeLeft();
    TemporarySnapshot snapshot =
        snapshot(new SnapshotName(PREFIX + "%016x".formatted(context.random().nextLong())));
    Optional<SnapshotLock> made = make(snapshot);
    if (made.isEmpty()) {
      return false;
    }
    try (var _ = made.get()) {
      work.accept(home(snapshot).data());
    } finally {
      // Only the reading was interrupted, not the cleanup.
      var _ = Thread.interrupted();
      snapshot.remove();
    }
    return true;
  }

  private TemporarySnapshot snapshot(SnapshotName name) {
    return new TemporarySnapshot(context, "backup", volume.name(), name);
  }

  private VolumeHome home(TemporarySnapshot snapshot) {
    return context.registry().snapshots().home(volume.name(), snapshot.name());
  }

  /** Removes the snapshots of killed backups. */
  private void removeLeft() {
    context.registry().snapshots().names(volume.name()).stream()
        .filter(name -> name.text().startsWith(PREFIX))
        .forEach(name -> snapshot(name).remove());
  }

  /** Makes a snapshot that nobody removes before its lock is closed. */
  private Optional<SnapshotLock> make(TemporarySnapshot snapshot) {
    VolumeRegistry registry = context.registry();
    registry.openForWriting();
    try (var _ = registry.lock().lock(volume.name())) {
      Volume now = registry.get("backup", volume.name());
      Path data = driver.mountpoint(volume, context.home(volume));
      VolumeHome staged = registry.stageBeside(volume.name());
      boolean published = false;
      try {
        if (isCopied(data, staged)) {
          snapshot.publish(now, staged, true, true);
          published = true;
        }
      } finally {
        if (!published) {
          registry.abandon(staged);
        }
      }
      return published ? Optional.of(SnapshotLock.share(home(snapshot))) : Optional.empty();
    }
  }

  private static boolean isCopied(Path data, VolumeHome staged) {
    return FileFailures.<Boolean>translate(
        "copy", data, () -> Subvolumes.ofSystem().copy(data, staged.data(), true));
  }
}
