package dev.keg.linux.loop;

import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The processes that want a volume frozen: they share a lock on a file in its home, which the
 * kernel releases when a process dies. They join with the volume's lock and leave without it. The
 * last one keeps others from joining until it has thawed the volume. The file stays, because
 * processes that lock two different files do not see each other.
 */
final class FreezeLock implements AutoCloseable {
  private static final String NAME = "freeze.lock";

  private final FileChannel channel;
  private @Nullable FileLock held;

  private FreezeLock(FileChannel channel) {
    this.channel = channel;
  }

  static FreezeLock open(VolumeHome home) throws IOException {
    return new FreezeLock(
        FileChannel.open(
            home.file(NAME),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
  }

  /**
   * Joins the processes that want the volume frozen, and waits while one of them thaws it. Returns
   * true if there were any.
   */
  boolean share() throws IOException {
    boolean others = !leave();
    release();
    held = channel.lock(0, Long.MAX_VALUE, true);
    return others;
  }

  /**
   * Records when the volume was frozen. It is not the time of the file, because Java would set that
   * by opening and closing the file, which releases the lock.
   */
  void begin(Instant now) throws IOException {
    ByteBuffer time = ByteBuffer.allocate(Long.BYTES).putLong(now.toEpochMilli()).flip();
    int _ = channel.write(time, 0);
  }

  /** When the volume was frozen; the given time if nobody recorded it. */
  Instant begun(Instant now) throws IOException {
    ByteBuffer time = ByteBuffer.allocate(Long.BYTES);
    return channel.read(time, 0) == Long.BYTES ? Instant.ofEpochMilli(time.getLong(0)) : now;
  }

  /** Whether no living process wants the volume frozen. */
  static boolean isFree(VolumeHome home) throws IOException {
    if (!Files.exists(home.file(NAME))) {
      return true;
    }
    try (FreezeLock lock = open(home)) {
      return lock.leave();
    }
  }

  /**
   * Releases the lock. Returns true if no other process holds it; then none can join before this is
   * closed.
   */
  boolean leave() throws IOException {
    release();
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return false;
    }
    return held != null;
  }

  private void release() throws IOException {
    if (held != null) {
      held.release();
      held = null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
