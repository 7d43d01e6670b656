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
 * The locks of QEMU's programs on images (block/file-posix.c): a program holds shared locks on
 * bytes from 100 on for each kind of access, 101 for writing. qemu-nbd checks them itself, the loop
 * device does not.
 */
final class QemuLocks {
  private static final long FIRST = 100;
  private static final long ALL = 200;
  private static final long WRITES = 101;

  private QemuLocks() {}

  /** Refuses an image that a machine has open; for a reader, only one that a machine writes. */
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
