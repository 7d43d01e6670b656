package dev.keg.linux.loop;

import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The processes that want a volume frozen: they share a lock on a file in its home, which the
 * kernel releases when a process dies. It is taken and released under the volume's lock, so that
 * the last process can delete the file.
 */
final class FreezeLock implements AutoCloseable {
  private static final String NAME = "freeze.lock";

  private final Path file;
  private final FileChannel channel;
  private @Nullable FileLock shared;

  private FreezeLock(VolumeHome home) throws IOException {
    file = home.file(NAME);
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Joins the processes that want the volume frozen. */
  static FreezeLock share(VolumeHome home) throws IOException {
    FreezeLock lock = new FreezeLock(home);
    try {
      lock.shared = lock.channel.lock(0, Long.MAX_VALUE, true);
      return lock;
    } catch (IOException | RuntimeException e) {
      lock.channel.close();
      throw e;
    }
  }

  /** Whether no living process wants the volume frozen. */
  static boolean isFree(VolumeHome home) throws IOException {
    if (!Files.exists(home.file(NAME))) {
      return true;
    }
    try (FreezeLock lock = new FreezeLock(home)) {
      return lock.leave();
    }
  }

  /** Releases the lock; returns true if no other process holds it. */
  boolean leave() throws IOException {
    if (shared != null) {
      shared.release();
      shared = null;
    }
    try {
      @Nullable FileLock alone = channel.tryLock();
      if (alone == null) {
        return false;
      }
    } catch (OverlappingFileLockException _) {
      return false;
    }
    Files.deleteIfExists(file);
    return true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
