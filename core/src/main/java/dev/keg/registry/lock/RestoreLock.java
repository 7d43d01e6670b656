package dev.keg.registry.lock;

import dev.keg.error.BackupException.BeingRestored;
import dev.keg.file.FileFailures;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Allows one restore of a volume at a time, for as long as it takes; the volume's own lock is
 * shared with other volumes and held only briefly. The kernel releases it when a process dies.
 */
public record RestoreLock(Path file, FileChannel channel) implements AutoCloseable {
  private static final String NAME = "restore.lock";

  /** Locks of this process. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  public static RestoreLock take(String operation, VolumeName volume, VolumeHome home) {
    Path file = home.file(NAME);
    // Closing a file that this process has locked would release the lock.
    if (OWN.contains(file)) {
      throw new BeingRestored(operation, volume.text());
    }
    return FileFailures.translate(
        "lock",
        file,
        () -> {
          FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          if (!isFree(channel)) {
            channel.close();
            throw new BeingRestored(operation, volume.text());
          }
          OWN.add(file);
          return new RestoreLock(file, channel);
        });
  }

  /** Refuses a volume that is being restored. */
  public static void requireFree(String operation, VolumeName volume, VolumeHome home) {
    if (Files.exists(home.file(NAME))) {
      take(operation, volume, home).close();
    }
  }

  /** Refuses a volume that another process is restoring. */
  public static void requireNotOthers(String operation, VolumeName volume, VolumeHome home) {
    if (!OWN.contains(home.file(NAME))) {
      requireFree(operation, volume, home);
    }
  }

  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  @Override
  public void close() {
    OWN.remove(file);
    FileFailures.run("unlock", file, channel::close);
  }
}
