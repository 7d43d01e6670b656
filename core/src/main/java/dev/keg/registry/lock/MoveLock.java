package dev.keg.registry.lock;

import dev.keg.error.MoveException.BeingMoved;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Allows one move of a volume at a time. The kernel releases it when a process dies. */
public record MoveLock(Path file, FileChannel channel) implements AutoCloseable {
  private static final String NAME = "move.lock";
  private static final String HOLD = "hold.lock";

  /** Locks of this process, which itself may use the volume. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  public static MoveLock take(String operation, VolumeName volume, VolumeHome home) {
    return own(operation, volume, home.file(NAME));
  }

  /**
   * Keeps everybody from the volume while it moves to another pool; the caller has called {@link
   * #take}.
   */
  public static MoveLock hold(String operation, VolumeName volume, VolumeHome home) {
    return own(operation, volume, home.file(HOLD));
  }

  private static MoveLock own(String operation, VolumeName volume, Path file) {
    Optional<MoveLock> taken = OWN.contains(file) ? Optional.empty() : tryTake(file);
    taken.ifPresent(lock -> OWN.add(lock.file));
    return taken.orElseThrow(() -> new BeingMoved(operation, volume.text()));
  }

  /** Whether a process is moving the volume. */
  public static boolean isTaken(VolumeHome home) {
    return OWN.contains(home.file(NAME)) || isOthers(home.file(NAME));
  }

  /** Refuses a volume that another process is moving. */
  public static void requireFree(String operation, VolumeName volume, VolumeHome home) {
    if (isOthers(home.file(NAME))) {
      throw new BeingMoved(operation, volume.text());
    }
  }

  /** Whether another process has called {@link #hold} for the volume. */
  public static boolean isHeld(VolumeHome home) {
    return isOthers(home.file(HOLD));
  }

  // Closing a file that this process has locked would release the lock.
  private static boolean isOthers(Path file) {
    if (OWN.contains(file) || Files.notExists(file)) {
      return false;
    }
    Optional<MoveLock> lock = tryTake(file);
    lock.ifPresent(MoveLock::close);
    return lock.isEmpty();
  }

  private static Optional<MoveLock> tryTake(Path file) {
    return FileFailures.translate("lock", file, () -> open(file));
  }

  private static Optional<MoveLock> open(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (isFree(channel)) {
      return Optional.of(new MoveLock(file, channel));
    }
    channel.close();
    return Optional.empty();
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
