package dev.keg.backup.archive;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Slice;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Reads parts of frames and keeps the last frames, since what is read next often lies in one of
 * them: between two parts of a frame there are those that another backup changed. Not thread-safe.
 */
public final class RecentFrames implements AutoCloseable {
  private final ArchiveSources sources;
  private final int most;

  /** The last one used comes first. */
  private final Deque<FrameReader> readers = new ArrayDeque<>();

  /**
   * Closing this does not close the sources.
   *
   * @param most how many frames to keep, each of which takes up to 8 MiB
   */
  public RecentFrames(ArchiveSources sources, int most) {
    this.sources = sources;
    this.most = most;
  }

  /** See {@link FrameReader#read(Slice, FrameKey, Optional)}. */
  public ByteBuffer read(Slice slice, FrameKey key, Optional<FrameHash> content) {
    FrameReader reader = reader(slice.frame());
    readers.remove(reader);
    readers.addFirst(reader);
    return reader.read(slice, key, content);
  }

  private FrameReader reader(FrameRef frame) {
    for (FrameReader reader : readers) {
      if (reader.isAt(frame)) {
        return reader;
      }
    }
    return readers.size() < most ? new FrameReader(sources) : readers.getLast();
  }

  @Override
  public void close() {
    readers.forEach(FrameReader::close);
  }
}
