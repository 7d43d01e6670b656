package dev.keg.windows.driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Files of zeros that fill the unused space of a file system. Windows deletes them when they are
 * closed, even if Keg is killed.
 */
final class Zeros implements AutoCloseable {
  /** Less than FAT32's limit for files. */
  private static final long LONGEST = 1L << 30;

  /** Space for the directory and the tables of the file system. */
  private static final long MARGIN = 1 << 20;

  private final Path directory;
  private final List<FileChannel> files = new ArrayList<>();

  private Zeros(Path directory) {
    this.directory = directory;
  }

  /** Fills a directory's file system, which has this many free bytes. */
  static void fill(Path directory, long free) throws IOException {
    try (Zeros zeros = new Zeros(directory)) {
      for (long left = free - MARGIN; left > 0; left -= LONGEST) {
        zeros.write(Math.min(left, LONGEST));
      }
    }
  }

  private void write(long bytes) throws IOException {
    FileChannel file =
        FileChannel.open(
            directory.resolve(".keg-zeros-" + UUID.randomUUID()),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    files.add(file);
    ByteBuffer piece = ByteBuffer.allocateDirect(1 << 20);
    for (long left = bytes; left > 0; ) {
      piece.clear().limit((int) Math.min(left, piece.capacity()));
      left -= file.write(piece);
    }
    file.force(false);
  }

  @Override
  public void close() throws IOException {
    for (FileChannel file : files) {
      file.close();
    }
  }
}
