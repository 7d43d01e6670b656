package dev.keg.backup.extract;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.tree.Entry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Gathers files by the frame they lie in, so that a frame is read once for many of them. Files of a
 * partial archive lie in frames of many archives in turn; a few frames are gathered for at a time.
 */
final class SmallFiles {
  /**
   * A file and where in the frame its bytes are.
   *
   * @param hash of these bytes, if it is known
   */
  record Part(Entry entry, int offset, int length, Optional<FrameHash> hash) {
    static Part of(IndexedEntry indexed, Entry entry) {
      Slice slice = indexed.slices().getFirst();
      Optional<FrameHash> hash =
          slice.isWholeFrame() ? Optional.of(slice.frame().hash()) : indexed.content();
      return new Part(entry, slice.offset(), slice.length(), hash);
    }
  }

  private static final int FRAMES = 64;
  private static final int FILES = 4096;

  private final Map<FrameRef, List<Part>> gathered = new LinkedHashMap<>(FRAMES, 0.75f, true);
  private final BiConsumer<FrameRef, List<Part>> full;

  SmallFiles(BiConsumer<FrameRef, List<Part>> full) {
    this.full = full;
  }

  void add(IndexedEntry indexed, Entry entry) {
    FrameRef frame = indexed.slices().getFirst().frame();
    List<Part> parts = gathered.computeIfAbsent(frame, _ -> new ArrayList<>());
    parts.add(Part.of(indexed, entry));
    if (parts.size() >= FILES) {
      gathered.remove(frame);
      full.accept(frame, parts);
    } else if (gathered.size() > FRAMES) {
      Iterator<Map.Entry<FrameRef, List<Part>>> oldest = gathered.entrySet().iterator();
      Map.Entry<FrameRef, List<Part>> first = oldest.next();
      oldest.remove();
      full.accept(first.getKey(), first.getValue());
    }
  }

  void end() {
    gathered.forEach(full);
    gathered.clear();
  }
}
