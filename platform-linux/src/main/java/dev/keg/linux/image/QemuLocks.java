package dev.keg.linux.image;

import dev.keg.disk.DiskException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * How QEMU's programs keep out of each other's way (block/file-posix.c): who has an image open
 * holds shared locks on bytes from 100 on for what it does with it, 101 being that it writes.
 * qemu-nbd heeds them by itself, the loop device does not.
 */
final class QemuLocks {
  private static final long FIRST = 100;
  private static final long ALL = 200;
  private static final long WRITES = 101;

  private QemuLocks() {}

  /** Refuses an image that a machine has open, or for readers, one that a machine writes to. */
  static void refuseOpen(Path image, boolean readOnly) throws IOException {
    if (readOnly && !Files.isWritable(image)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      @Nullable FileLock lock =
          readOnly ? channel.tryLock(WRITES, 1, false) : channel.tryLock(FIRST, ALL, false);
      if (lock == null) {
        throw new DiskException(image, "a program has it open, as a machine that runs does");
      }
    }
  }
}
