package dev.keg.linux.image;

import dev.keg.disk.DiskException;
import dev.keg.file.FileFailures;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The locks of QEMU's programs on images (block/file-posix.c): a program holds shared locks on one
 * byte for each kind of access, beginning at 100; 101 means writing. qemu-nbd checks them itself;
 * the loop device does not.
 */
final class QemuLocks {
  private static final long FIRST = 100;
  private static final long ALL = 200;
  private static final long WRITES = 101;
  private static final List<Long> READER = List.of(100L, 201L, 203L);

  private QemuLocks() {}

  /**
   * Prevents machines from opening the image for writing, with the locks of a QEMU program that
   * reads: byte 100 means that it reads, 201 that nobody else may write, 203 that nobody may
   * resize. The kernel releases the locks when this process first closes any descriptor of the
   * image, or ends.
   */
  static Reading read(Path image) throws IOException {
    FileChannel channel =
        FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      boolean held = true;
      for (long at : READER) {
        held &= channel.tryLock(at, 1, true) != null;
      }
      @Nullable FileLock writer = held ? channel.tryLock(WRITES, 1, false) : null;
      if (writer == null) {
        throw new DiskException(image, "a program writes to it, such as a running machine");
      }
      writer.release();
      return new Reading(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Locks that are held while an image is read. */
  record Reading(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      FileFailures.run("close", Path.of("the disk"), channel::close);
    }
  }

  /**
   * Refuses an image that a machine has open; a reader is only refused one that a machine writes
   * to.
   */
  static void refuseOpen(Path image, boolean readOnly) throws IOException {
    if (readOnly && !Files.isWritable(image)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      @Nullable FileLock lock =
          readOnly ? channel.tryLock(WRITES, 1, false) : channel.tryLock(FIRST, ALL, false);
      if (lock == null) {
        throw new DiskException(image, "a program has it open, such as a running machine");
      }
    }
  }
}
