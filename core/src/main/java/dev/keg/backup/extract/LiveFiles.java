package dev.keg.backup.extract;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.error.VolumeException;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The files that a volume has already. What of them has the hash that the index says is taken from
 * here, whatever the times of a file say; so what has not changed is not read from the archive.
 */
final class LiveFiles implements AutoCloseable {
  private final Optional<Supplier<FileTree>> open;
  private final FrameKey key;
  private final Queue<Reader> idle = new ConcurrentLinkedQueue<>();

  /** What one thread reads with at a time. */
  private record Reader(FileTree tree, ByteBuffer buffer) {}

  /**
   * @param open opens the files; none are taken if it is empty
   * @param key by which the index has hashed
   */
  LiveFiles(Optional<Supplier<FileTree>> open, FrameKey key) {
    this.open = open;
    this.key = key;
  }

  /** Whether the file has these bytes there; if so, they were handed over. */
  boolean give(TreePath file, long from, int length, FrameHash hash, Consumer<ByteBuffer> taker) {
    if (open.isEmpty()) {
      return false;
    }
    Reader reader = idle.poll();
    if (reader == null) {
      reader = new Reader(open.get().get(), ByteBuffer.allocateDirect(FrameRef.MAX_LENGTH));
    }
    try {
      ByteBuffer bytes = reader.buffer.clear().limit(length);
      if (!isRead(reader.tree, file, from, bytes) || !key.hash(bytes.flip()).equals(hash)) {
        return false;
      }
      taker.accept(bytes);
      return true;
    } finally {
      idle.add(reader);
    }
  }

  private static boolean isRead(FileTree tree, TreePath file, long from, ByteBuffer bytes) {
    Optional<OpenFile> opened;
    try {
      // Opening a device may do something to it.
      boolean regular =
          tree.stat(file).filter(stat -> stat.type() == Stat.Type.REGULAR).isPresent();
      opened = regular ? tree.open(file) : Optional.empty();
    } catch (VolumeException _) {
      return false; // What cannot be opened is restored from the archive.
    }
    if (opened.isEmpty()) {
      return false;
    }
    try (OpenFile content = opened.get()) {
      int count = 0;
      while (count >= 0 && bytes.hasRemaining()) {
        count = content.read(bytes, from + bytes.position());
      }
      return !bytes.hasRemaining();
    } catch (VolumeException _) {
      return false; // As above: its disk may be failing, which is why it is restored.
    }
  }

  @Override
  public void close() {
    idle.forEach(reader -> reader.tree.close());
  }
}
