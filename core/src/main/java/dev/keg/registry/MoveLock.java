package dev.keg.registry;

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
import org.jspecify.annotations.Nullable;

/** One move of a volume at a time. The system releases it when a process dies. */
public record MoveLock(Path file, FileChannel channel) implements AutoCloseable {
  private static final String NAME = "move.lock";

  public static MoveLock take(String operation, VolumeName volume, VolumeHome home) {
    return tryTake(home).orElseThrow(() -> new BeingMoved(operation, volume.text()));
  }

  /** Whether a process moves the volume now. */
  static boolean isTaken(VolumeHome home) {
    if (Files.notExists(home.file(NAME))) {
      return false;
    }
    Optional<MoveLock> lock = tryTake(home);
    lock.ifPresent(MoveLock::close);
    return lock.isEmpty();
  }

  private static Optional<MoveLock> tryTake(VolumeHome home) {
    Path file = home.file(NAME);
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
    FileFailures.run("unlock", file, channel::close);
  }
}
