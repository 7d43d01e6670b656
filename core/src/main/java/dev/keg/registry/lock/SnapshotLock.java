package dev.keg.registry.lock;

import dev.keg.error.HolderException.SnapshotInUse;
import dev.keg.volume.VolumeHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The commands that read a snapshot share this lock, so that nobody removes it meanwhile. The
 * kernel releases it when a process dies. It is taken under the volume's lock.
 */
public final class SnapshotLock implements AutoCloseable {
  private static final String NAME = "read.lock";

  private final SharedLock share;

  private SnapshotLock(SharedLock share) {
    this.share = share;
  }

  /** The empty file in the home of each snapshot. */
  public static Path file(VolumeHome snapshot) {
    return snapshot.file(NAME);
  }

  public static SnapshotLock share(VolumeHome snapshot) {
    return new SnapshotLock(SharedLock.share(file(snapshot)));
  }

  /** Refuses a snapshot that somebody is reading. */
  public static void requireFree(String operation, String subject, VolumeHome snapshot) {
    Path file = file(snapshot);
    if (Files.exists(file) && !SharedLock.ifFree(file, () -> {})) {
      throw new SnapshotInUse(operation, subject, List.of());
    }
  }

  @Override
  public void close() {
    share.close();
  }
}
