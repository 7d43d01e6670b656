package dev.keg.registry.lock;

import dev.keg.file.FileFailures;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The commands that use a volume's mount at the same time, in any process. Each shares a lock while
 * it does, so that the last one knows that it is the last, however the others ended. A byte in the
 * lock's file records whether the mount was made only for them. The caller holds the volume's own
 * lock.
 */
public final class Viewers {
  private static final String NAME = "view.lock";

  /** The locks of this process; closing a file that is open twice would release its lock. */
  private final Map<Path, Viewing> viewing = new HashMap<>();

  private record Viewing(FileChannel channel, FileLock lock, int times) {
    Viewing times(int number) {
      return new Viewing(channel, lock, number);
    }
  }

  /** Adds a command that uses the mount. */
  public synchronized void join(VolumeHome home) {
    Path file = home.file(NAME);
    Viewing before = viewing.get(file);
    viewing.put(
        file,
        before == null
            ? FileFailures.translate("lock", file, () -> open(file))
            : before.times(before.times() + 1));
  }

  private static Viewing open(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return new Viewing(channel, channel.lock(0, Long.MAX_VALUE, true), 1);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Records that the mount was made for the current commands; this process has one of them. */
  public synchronized void own(VolumeHome home) {
    Path file = home.file(NAME);
    Viewing own = viewing.get(file);
    if (own != null) {
      FileFailures.run("write", file, () -> own.channel().write(ByteBuffer.wrap(new byte[1]), 0));
    }
  }

  /** Records that the mount now belongs to the operator, and stays. */
  public synchronized void disown(VolumeHome home) {
    Path file = home.file(NAME);
    Viewing own = viewing.get(file);
    if (own != null) {
      FileFailures.run("write", file, () -> own.channel().truncate(0));
    } else if (Files.exists(file)) {
      FileFailures.run("write", file, () -> Files.write(file, new byte[0]));
    }
  }

  /**
   * Removes a command; returns true if it was the last one, and the mount was made for these
   * commands.
   */
  public synchronized boolean leave(VolumeHome home) {
    Path file = home.file(NAME);
    Viewing own = viewing.remove(file);
    if (own == null) {
      throw new IllegalStateException("nobody looks at " + file);
    }
    if (own.times() > 1) {
      viewing.put(file, own.times(own.times() - 1));
      return false;
    }
    return FileFailures.translate("unlock", file, () -> isLastOfOwners(own));
  }

  private static boolean isLastOfOwners(Viewing own) throws IOException {
    try (FileChannel channel = own.channel()) {
      own.lock().release();
      @Nullable FileLock alone = channel.tryLock();
      if (alone == null || channel.size() == 0) {
        return false;
      }
      channel.truncate(0);
      return true;
    }
  }
}
