package dev.keg.backup.archive.write;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The archive that a new one builds on.
 *
 * @param damaged frames that must not be referred to: what is in them is read again
 * @param frames of large files by their content, so that an equal one is not written again
 */
public record Predecessor(
    Archive archive, Predicate<FrameRef> damaged, Map<FrameHash, FrameRef> frames)
    implements AutoCloseable {
  /** For two terabytes of large files; what is beyond is written again. */
  private static final int MAX = 1 << 20;

  public Predecessor {
    frames = Map.copyOf(frames);
  }

  /** Reads the whole index, so that damage of it is found before anything is written. */
  public static Predecessor of(Archive archive, Predicate<FrameRef> damaged) {
    Map<FrameHash, FrameRef> frames = new HashMap<>();
    for (Iterator<IndexedEntry> entries = archive.entries(); entries.hasNext(); ) {
      for (Slice slice : entries.next().slices()) {
        FrameRef frame = slice.frame();
        if (slice.isWholeFrame() && frames.size() < MAX && !damaged.test(frame)) {
          frames.putIfAbsent(frame.hash(), frame);
        }
      }
    }
    return new Predecessor(archive, damaged, frames);
  }

  boolean isSound(IndexedEntry entry) {
    return entry.slices().stream().map(Slice::frame).noneMatch(damaged);
  }

  @Override
  public void close() {
    archive.close();
  }
}
