package dev.keg.registry.lock;

import dev.keg.error.MoveException.BeingMoved;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;

/** Allows one move of a volume at a time. The kernel releases it when a process dies. */
public final class MoveLock implements AutoCloseable {
  private static final String NAME = "move.lock";
  private static final String HOLD = "hold.lock";

  private final ExclusiveLock lock;

  private MoveLock(ExclusiveLock lock) {
    this.lock = lock;
  }

  public static MoveLock take(String operation, VolumeName volume, VolumeHome home) {
    return take(operation, volume, home.file(NAME));
  }

  /**
   * Keeps everybody from the volume while it moves to another pool; the caller has called {@link
   * #take}.
   */
  public static MoveLock hold(String operation, VolumeName volume, VolumeHome home) {
    return take(operation, volume, home.file(HOLD));
  }

  private static MoveLock take(String operation, VolumeName volume, Path file) {
    return ExclusiveLock.tryTake(file)
        .map(MoveLock::new)
        .orElseThrow(() -> new BeingMoved(operation, volume.text()));
  }

  /** Whether a process is moving the volume; this one may use it, too. */
  public static boolean isTaken(VolumeHome home) {
    return ExclusiveLock.isOwn(home.file(NAME)) || ExclusiveLock.isOthers(home.file(NAME));
  }

  /** Refuses a volume that another process is moving. */
  public static void requireFree(String operation, VolumeName volume, VolumeHome home) {
    if (ExclusiveLock.isOthers(home.file(NAME))) {
      throw new BeingMoved(operation, volume.text());
    }
  }

  /** Whether another process has called {@link #hold} for the volume. */
  public static boolean isHeld(VolumeHome home) {
    return ExclusiveLock.isOthers(home.file(HOLD));
  }

  @Override
  public void close() {
    lock.close();
  }
}
