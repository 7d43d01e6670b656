package dev.keg.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A new file for its owner alone, written from start to end. The system begins to write it to the
 * disk while it grows, so that the sync of a large file takes no longer than that of a small one.
 */
public final class GrowingFile implements WritableByteChannel {
  /** The size of the parts that are written to the disk at once. */
  private static final int PART = 8 << 20;

  private final Path path;
  private final FileChannel channel;
  private final DirectorySync sync;
  private long size;
  private long begun;

  private GrowingFile(Path path, FileChannel channel, DirectorySync sync) {
    this.path = path;
    this.channel = channel;
    this.sync = sync;
  }

  /** Creates the file, which must not exist. */
  public static GrowingFile create(Path path, DirectorySync sync) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            CreationMode.ownersFile(path));
    return new GrowingFile(path, channel, sync);
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int written = channel.write(from);
    size += written;
    if (size - begun >= PART) {
      sync.begin(path, begun, size - begun);
      begun = size;
    }
    return written;
  }

  /** Syncs its content and its attributes. */
  public void sync() throws IOException {
    channel.force(true);
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
