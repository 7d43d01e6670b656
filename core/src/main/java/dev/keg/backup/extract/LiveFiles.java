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
 * The current files of a volume. Content whose hash matches the index is taken from here, whatever
 * the file's times; so unchanged content is not read from the archive.
 */
final class LiveFiles implements AutoCloseable {
  private final Optional<Supplier<FileTree>> open;
  private final FrameKey key;
  private final Queue<Reader> idle = new ConcurrentLinkedQueue<>();

  /** The reader of one thread. */
  private record Reader(FileTree tree, ByteBuffer buffer) {}

  /**
   * @param open opens the files; empty to use none
   * @param key the key of the index's hashes
   */
  LiveFiles(Optional<Supplier<FileTree>> open, FrameKey key) {
    this.open = open;
    this.key = key;
  }

  /** Whether the file has these bytes there; if so, hands them over. */
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
      // Opening a device may have side effects.
      boolean regular =
          tree.stat(file).filter(stat -> stat.type() == Stat.Type.REGULAR).isPresent();
      opened = regular ? tree.open(file) : Optional.empty();
    } catch (VolumeException _) {
      return false; // a file that cannot be opened is restored from the archive
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
      return false; // likewise: its disk may be failing, which may be the reason for the restore
    }
  }

  @Override
  public void close() {
    idle.forEach(reader -> reader.tree.close());
  }
}
