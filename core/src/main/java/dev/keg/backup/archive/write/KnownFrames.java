package dev.keg.backup.archive.write;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** The frames of large files that an archive and those before it hold, by their content. */
final class KnownFrames {
  /** For two terabytes of large files; what is beyond is written again. */
  private static final int MAX = 1 << 20;

  private KnownFrames() {}

  static Map<FrameHash, FrameRef> of(Archive archive) {
    Map<FrameHash, FrameRef> known = new HashMap<>();
    Iterator<IndexedEntry> entries = archive.entries();
    while (entries.hasNext() && known.size() < MAX) {
      for (Slice slice : entries.next().slices()) {
        if (slice.isWholeFrame()) {
          known.putIfAbsent(slice.frame().hash(), slice.frame());
        }
      }
    }
    return known;
  }
}
