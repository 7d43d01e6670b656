package dev.keg.registry.lock;

import dev.keg.file.FileFailures;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shared by all processes that copy to a volume, each with its own copy. If it is free, any remains
 * of copies in the volume are from killed ones, since the kernel releases it when a process dies.
 */
public record CopyLock(Path file, FileChannel channel) implements AutoCloseable {
  private static final String NAME = "copy.lock";

  /** Shares the lock; first does the work if nobody else has it. */
  public static CopyLock share(VolumeHome home, Runnable alone) {
    CopyLock lock = open(home, StandardOpenOption.CREATE);
    try {
      lock.ifFree(alone);
      // Another process may do the same work meanwhile, which is safe before this one has created
      // anything.
      FileFailures.run("lock", lock.file, () -> lock.channel.lock(0, Long.MAX_VALUE, true));
      return lock;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Does the work unless somebody copies to the volume now. */
  public static void ifFree(VolumeHome home, Runnable alone) {
    if (Files.notExists(home.file(NAME))) {
      alone.run();
      return;
    }
    try (CopyLock lock = open(home)) {
      lock.ifFree(alone);
    }
  }

  private static CopyLock open(VolumeHome home, OpenOption... create) {
    Path file = home.file(NAME);
    Set<OpenOption> options =
        new HashSet<>(Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
    options.addAll(Set.of(create));
    return FileFailures.translate(
        "lock", file, () -> new CopyLock(file, FileChannel.open(file, options)));
  }

  private void ifFree(Runnable alone) {
    FileFailures.run("lock", file, () -> runIfFree(alone));
  }

  private void runIfFree(Runnable alone) throws IOException {
    @Nullable FileLock own = tryLock();
    if (own != null) {
      try (own) {
        alone.run();
      }
    }
  }

  private @Nullable FileLock tryLock() throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  @Override
  public void close() {
    FileFailures.run("unlock", file, channel::close);
  }
}
