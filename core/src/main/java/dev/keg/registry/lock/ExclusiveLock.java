package dev.keg.registry.lock;

import dev.keg.file.FileFailures;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A file that at most one process locks. A process opens the file only while it does not have the
 * lock itself: closing a file that is open twice would release it.
 */
final class ExclusiveLock implements AutoCloseable {
  /** A command that asks about the lock shares it for a moment, which is no reason to give up. */
  private static final int ATTEMPTS = 10;

  private static final Duration PAUSE = Duration.ofMillis(10);

  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private ExclusiveLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Empty if somebody has it. */
  static Optional<ExclusiveLock> tryTake(Path file) {
    for (int attempt = 1; !OWN.contains(file); attempt++) {
      Optional<FileChannel> locked =
          FileFailures.translate(
              "lock",
              file,
              () -> open(file, false, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
      if (locked.isPresent()) {
        OWN.add(file);
        return Optional.of(new ExclusiveLock(file, locked.get()));
      }
      if (attempt == ATTEMPTS) {
        break;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return Optional.empty();
  }

  /** Whether this process has it. */
  static boolean isOwn(Path file) {
    return OWN.contains(file);
  }

  /** Whether another process has it. Any number of processes may ask at once. */
  static boolean isOthers(Path file) {
    return !isOwn(file) && FileFailures.<Boolean>translate("lock", file, () -> isTaken(file));
  }

  private static boolean isTaken(Path file) throws IOException {
    try {
      Optional<FileChannel> shared = open(file, true, StandardOpenOption.READ);
      if (shared.isPresent()) {
        shared.get().close();
      }
      return shared.isEmpty();
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  private static Optional<FileChannel> open(Path file, boolean shared, OpenOption... options)
      throws IOException {
    FileChannel channel = FileChannel.open(file, Set.of(options));
    boolean locked = false;
    try {
      @Nullable FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      locked = lock != null;
    } catch (OverlappingFileLockException _) {
      locked = false; // another thread has it
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    return locked ? Optional.of(channel) : Optional.empty();
  }

  @Override
  public void close() {
    OWN.remove(file);
    FileFailures.run("unlock", file, channel::close);
  }
}
