package dev.keg.registry.lock;

import dev.keg.volume.VolumeHome;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Shared by all processes that copy to a volume, each with its own copy. If it is free, any remains
 * of copies in the volume are from killed ones, since the kernel releases it when a process dies.
 */
public final class CopyLock implements AutoCloseable {
  private static final String NAME = "copy.lock";

  private final SharedLock share;

  private CopyLock(SharedLock share) {
    this.share = share;
  }

  /** Shares the lock; first does the work if nobody else has it. */
  public static CopyLock share(VolumeHome home, Runnable alone) {
    // Another process may do the same work, which is safe before this one has created anything.
    return new CopyLock(SharedLock.share(home.file(NAME), alone));
  }

  /** Does the work unless somebody copies to the volume now. */
  public static void ifFree(VolumeHome home, Runnable alone) {
    Path file = home.file(NAME);
    if (Files.notExists(file)) {
      alone.run();
    } else {
      boolean _ = SharedLock.ifFree(file, alone);
    }
  }

  @Override
  public void close() {
    share.close();
  }
}
