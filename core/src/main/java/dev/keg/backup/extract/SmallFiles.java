package dev.keg.backup.extract;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.tar.TarEncoder;
import dev.keg.tree.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Gathers files by the frame they lie in, so that a frame is read once for many of them. Most come
 * in the order in which they lie there, so the last one in a frame ends it. But files of a partial
 * archive lie in frames of many archives in turn: those of as many frames as there may be are
 * gathered at a time, but no more files than fit into memory.
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

  /** The offset of the last frame, by object, whose last file came. */
  private final Map<String, Long> ended = new HashMap<>();

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
    if (isEnded(indexed.slices().getFirst())) {
      ended.put(frame.object(), frame.offset());
      give(frame);
    } else if (parts.size() >= FILES) {
      give(frame);
    } else if (files > ALL_FILES) {
      give(gathered.keySet().iterator().next());
    }
  }

  /**
   * Whether this is the first time that the last file in a frame comes: usually all others came
   * before. Copies of that file come later, and a frame should not be read for each.
   */
  private boolean isEnded(Slice slice) {
    FrameRef frame = slice.frame();
    int end = slice.offset() + slice.length();
    return slice.offset() > 0
        && end + TarEncoder.padding(end) == frame.length()
        && frame.offset() > ended.getOrDefault(frame.object(), -1L);
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
