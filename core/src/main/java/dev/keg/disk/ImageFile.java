package dev.keg.disk;

import dev.keg.file.CreationMode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** The bytes of an image, read and written at positions, always in full. */
public final class ImageFile implements Closeable {
  private final Path path;
  private final FileChannel channel;

  private ImageFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  public static ImageFile open(Path path) throws IOException {
    return new ImageFile(path, FileChannel.open(path, StandardOpenOption.READ));
  }

  /**
   * Creates a file for its owner alone. Holes are made by writing past the end, not by opening the
   * file as sparse: Windows does not attach sparse files (ERROR_VIRTUAL_DISK_LIMITATION).
   */
  static ImageFile create(Path path) throws IOException {
    return new ImageFile(
        path,
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            CreationMode.ownersFile(path)));
  }

  Path path() {
    return path;
  }

  public long length() throws IOException {
    return channel.size();
  }

  /** Little-endian, as in most formats; readers of VHD and qcow2 change the order. */
  public ByteBuffer read(long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    if (at < 0 || at > channel.size() - length) {
      throw broken("it ends before byte " + (at + length));
    }
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw broken("it was truncated while it was read");
      }
    }
    return buffer.flip();
  }

  /** Writes the whole buffer, regardless of its position. */
  void write(long at, ByteBuffer buffer) throws IOException {
    ByteBuffer bytes = buffer.duplicate().clear();
    while (bytes.hasRemaining()) {
      channel.write(bytes, at + bytes.position());
    }
  }

  /** Extends the file to this length with a hole. */
  void extend(long length) throws IOException {
    if (length > channel.size()) {
      write(length - 1, ByteBuffer.allocate(1));
    }
  }

  void force() throws IOException {
    channel.force(true);
  }

  public DiskException broken(String why) {
    return new DiskException(path, why);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
