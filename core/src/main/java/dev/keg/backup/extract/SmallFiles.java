package dev.keg.backup.extract;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.tree.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Gathers files by the frame they lie in, so that a frame is read once for many of them. Files of a
 * partial archive lie in frames of many archives in turn: those of as many frames as there may be
 * are gathered at a time, but no more files than fit into memory.
 */
final class SmallFiles {
  /**
   * A file, and the position of its bytes in the frame.
   *
   * @param hash the hash of these bytes, if known
   */
  record Part(Entry entry, int offset, int length, Optional<FrameHash> hash) {
    static Part of(IndexedEntry indexed, Entry entry) {
      Slice slice = indexed.slices().getFirst();
      Optional<FrameHash> hash =
          slice.isWholeFrame() ? Optional.of(slice.frame().hash()) : indexed.content();
      return new Part(entry, slice.offset(), slice.length(), hash);
    }
  }

  private static final int FILES = 4096;
  private static final int ALL_FILES = 64 << 10;

  private final Map<FrameRef, List<Part>> gathered = new LinkedHashMap<>(64, 0.75f, true);
  private final BiConsumer<FrameRef, List<Part>> full;
  private int files;

  SmallFiles(BiConsumer<FrameRef, List<Part>> full) {
    this.full = full;
  }

  void add(IndexedEntry indexed, Entry entry) {
    FrameRef frame = indexed.slices().getFirst().frame();
    List<Part> parts = gathered.computeIfAbsent(frame, _ -> new ArrayList<>());
    parts.add(Part.of(indexed, entry));
    files++;
    if (parts.size() >= FILES) {
      give(frame);
    } else if (files > ALL_FILES) {
      give(gathered.keySet().iterator().next());
    }
  }

  private void give(FrameRef frame) {
    List<Part> parts = gathered.remove(frame);
    files -= parts.size();
    full.accept(frame, parts);
  }

  void end() {
    gathered.forEach(full);
    gathered.clear();
    files = 0;
  }
}
