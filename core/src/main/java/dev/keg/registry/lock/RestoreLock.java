package dev.keg.registry.lock;

import dev.keg.error.BackupException.BeingRestored;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;

/**
 * Allows one restore of a volume at a time, for as long as it takes; the volume's own lock is
 * shared with other volumes and held only briefly. The kernel releases it when a process dies.
 */
public final class RestoreLock implements AutoCloseable {
  private static final String NAME = "restore.lock";

  private final ExclusiveLock lock;

  private RestoreLock(ExclusiveLock lock) {
    this.lock = lock;
  }

  public static RestoreLock take(String operation, VolumeName volume, VolumeHome home) {
    return ExclusiveLock.tryTake(home.file(NAME))
        .map(RestoreLock::new)
        .orElseThrow(() -> new BeingRestored(operation, volume.text()));
  }

  /** Refuses a volume that is being restored. */
  public static void requireFree(String operation, VolumeName volume, VolumeHome home) {
    if (ExclusiveLock.isOwn(home.file(NAME))) {
      throw new BeingRestored(operation, volume.text());
    }
    requireNotOthers(operation, volume, home);
  }

  /** Refuses a volume that another process is restoring. */
  public static void requireNotOthers(String operation, VolumeName volume, VolumeHome home) {
    Path file = home.file(NAME);
    if (ExclusiveLock.isOthers(file)) {
      throw new BeingRestored(operation, volume.text());
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}
