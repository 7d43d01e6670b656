package dev.keg.registry.lock;

import dev.keg.file.FileFailures;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A share of a lock. A process opens the lock's file once, however often it shares the lock:
 * closing a file that is open twice would release its lock.
 */
final class SharedLock implements AutoCloseable {
  private static final Map<Path, Opened> OWN = new HashMap<>();

  private final Path file;
  private boolean isOpen = true;

  private record Opened(FileChannel channel, int times) {
    Opened times(int number) {
      return new Opened(channel, number);
    }
  }

  private SharedLock(Path file) {
    this.file = file;
  }

  private interface Step {
    void on(FileChannel opened) throws IOException;
  }

  static SharedLock share(Path file) {
    return share(file, _ -> {});
  }

  /**
   * The same, but first does the work if no command has the lock. Another process may do the same
   * work before this one shares.
   */
  static SharedLock share(Path file, Runnable alone) {
    return share(file, opened -> run(alone, opened));
  }

  private static SharedLock share(Path file, Step first) {
    synchronized (OWN) {
      Opened own = OWN.get(file);
      if (own != null) {
        OWN.put(file, own.times(own.times + 1));
        return new SharedLock(file);
      }
      FileChannel channel = open(file);
      OWN.put(file, new Opened(channel, 1));
      SharedLock share = new SharedLock(file);
      try {
        FileFailures.run(
            "lock",
            file,
            () -> {
              first.on(channel);
              FileLock _ = channel.lock(0, Long.MAX_VALUE, true);
            });
        return share;
      } catch (RuntimeException e) {
        share.close();
        throw e;
      }
    }
  }

  /** Does the work if no command has the lock, and returns whether it did. */
  static boolean ifFree(Path file, Runnable alone) {
    synchronized (OWN) {
      if (OWN.containsKey(file)) {
        return false;
      }
      return FileFailures.translate(
          "lock",
          file,
          () -> {
            try (FileChannel channel = open(file)) {
              return run(alone, channel);
            }
          });
    }
  }

  private static FileChannel open(Path file) {
    return FileFailures.translate(
        "lock",
        file,
        () ->
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE));
  }

  private static boolean run(Runnable alone, FileChannel channel) throws IOException {
    try (@Nullable FileLock lock = tryLock(channel)) {
      if (lock != null) {
        alone.run();
      }
      return lock != null;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  @Override
  public void close() {
    synchronized (OWN) {
      Opened own = OWN.get(file);
      if (!isOpen || own == null) {
        return;
      }
      isOpen = false;
      if (own.times > 1) {
        OWN.put(file, own.times(own.times - 1));
      } else {
        OWN.remove(file);
        FileFailures.run("unlock", file, own.channel::close);
      }
    }
  }
}
