package dev.keg.backup.extract;

import dev.keg.backup.archive.FrameReader;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Slice;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.NewFile;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreeListener.Note;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file in several frames, which threads write together; the last one finishes it. Each frame is
 * read once, however many parts of the file it contains.
 */
final class LargeFile {
  private final Entry entry;
  private final RegularFile kind;
  private final NewFile file;
  private final LiveFiles live;
  private final TreeListener listener;
  private final Consumer<TreePath> missing;
  private final AtomicInteger rest;
  private volatile @Nullable InvalidArchive damage;

  /** A slice, and the number of the file's stored bytes before it. */
  record PlacedSlice(Slice slice, long before) {}

  /** The parts of a file by frame. */
  static Map<FrameRef, List<PlacedSlice>> byFrame(List<Slice> slices) {
    Map<FrameRef, List<PlacedSlice>> frames = new LinkedHashMap<>();
    long before = 0;
    for (Slice slice : slices) {
      frames
          .computeIfAbsent(slice.frame(), _ -> new ArrayList<>(1))
          .add(new PlacedSlice(slice, before));
      before += slice.length();
    }
    return frames;
  }

  /**
   * @param frames the number of frames to write
   */
  LargeFile(
      Entry entry,
      RegularFile kind,
      NewFile file,
      int frames,
      LiveFiles live,
      TreeListener listener,
      Consumer<TreePath> missing) {
    this.missing = missing;
    this.entry = entry;
    this.kind = kind;
    this.file = file;
    this.live = live;
    this.listener = listener;
    rest = new AtomicInteger(frames);
  }

  /** Writes all parts that are in one frame. */
  void write(
      FrameRef frame,
      List<PlacedSlice> parts,
      boolean keepSound,
      FrameReader reader,
      TreeWriter writer) {
    try {
      if (!isLive(frame, parts)) {
        parts.forEach(part -> write(part, reader));
      }
    } catch (InvalidArchive e) {
      damage = e;
    }
    if (rest.decrementAndGet() == 0) {
      end(keepSound, writer);
    }
  }

  /** Whether the volume already has the bytes; if so, writes them. */
  private boolean isLive(FrameRef frame, List<PlacedSlice> parts) {
    PlacedSlice first = parts.getFirst();
    boolean given =
        parts.size() == 1
            && first.slice().isWholeFrame()
            && !kind.hasHoles()
            && live.give(
                entry.path(),
                first.before(),
                frame.length(),
                frame.hash(),
                bytes -> file.write(bytes, first.before()));
    if (given) {
      listener.advanced(frame.length());
    }
    return given;
  }

  private void write(PlacedSlice part, FrameReader reader) {
    StoredFile.write(file, kind, part.before(), reader.read(part.slice()));
    listener.advanced(part.slice().length());
  }

  private void end(boolean keepSound, TreeWriter writer) {
    InvalidArchive found = damage;
    try (file) {
      if (found == null) {
        if (kind.hasHoles()) {
          file.size(kind.size());
        }
        file.finish(entry.attributes());
        listener.finished();
        return;
      }
    }
    listener.note(entry.path(), Note.DAMAGED, String.valueOf(found.getMessage()));
    if (!keepSound) {
      throw found;
    }
    writer.remove(entry.path());
    missing.accept(entry.path());
  }
}
