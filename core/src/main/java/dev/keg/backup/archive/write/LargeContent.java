package dev.keg.backup.archive.write;

import dev.keg.backup.archive.delta.EarlierContent;
import dev.keg.backup.archive.delta.EarlierContent.Placed;
import dev.keg.backup.archive.delta.EarlierFile;
import dev.keg.backup.archive.delta.EarlierFile.Chunk;
import dev.keg.backup.archive.delta.EarlierFile.Stretch;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Slice;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.RegularFile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** How the content of a large file gets into an archive, step by step from front to end. */
interface LargeContent {
  /** Some stored bytes of the file. */
  sealed interface Section {
    /** Bytes to read; most of them may be unchanged. */
    record Read(long length, EarlierContent earlier) implements Section {}

    /** Unchanged bytes that are not read. */
    record Kept(Chunk chunk) implements Section {}
  }

  /** The sections of the file's current data areas. */
  List<Section> sections(RegularFile now);

  /** Reads everything. */
  static LargeContent read(EarlierContent earlier) {
    return now -> List.of(new Section.Read(now.stored(), earlier));
  }

  /**
   * Reads only what may have changed. A chunk is kept if nothing was written between its first and
   * its last byte, including the holes between. Short chunks are read, so that they are merged.
   *
   * @param changed ranges in order; elsewhere the file has the same data and holes as before
   */
  record Recorded(EarlierFile before, List<Extent> changed, Predicate<FrameRef> usable)
      implements LargeContent {
    /** The size from which a file has frames of its own. */
    private static final int SHORT = TarStream.SMALL;

    public Recorded {
      changed = List.copyOf(changed);
    }

    @Override
    public List<Section> sections(RegularFile now) {
      List<Section> sections = new ArrayList<>();
      DataWalk walk = new DataWalk(now.data(), before.stretches());
      int change = 0;
      for (Chunk chunk : before.chunks()) {
        while (change < changed.size() && changed.get(change).end() <= chunk.begin()) {
          change++;
        }
        boolean touched = change < changed.size() && changed.get(change).offset() < chunk.end();
        if (!touched && chunk.length() >= SHORT && chunk.isUsable(usable)) {
          read(walk, chunk.begin(), sections);
          sections.add(new Section.Kept(chunk));
          walk.skip(chunk);
        }
      }
      read(walk, now.size(), sections);
      return sections;
    }

    private void read(DataWalk walk, long end, List<Section> sections) {
      List<Placed> placed = new ArrayList<>();
      long length = walk.until(end, placed);
      if (length > 0) {
        sections.add(new Section.Read(length, EarlierContent.of(placed, usable)));
      }
    }
  }

  /** Walks the data of a file, and its earlier content at the same positions, from front to end. */
  final class DataWalk {
    private final List<Extent> data;
    private final List<Stretch> before;
    private long at;
    private int area;
    private int stretch;

    DataWalk(List<Extent> data, List<Stretch> before) {
      this.data = data;
      this.before = before;
    }

    /**
     * Returns the number of stored bytes up to the position; adds the earlier content there, with
     * positions relative to the start.
     */
    long until(long end, List<Placed> placed) {
      long length = 0;
      while (area < data.size() && data.get(area).offset() < end) {
        Extent extent = data.get(area);
        long begin = Math.max(extent.offset(), at);
        long stop = Math.min(extent.end(), end);
        if (begin < stop) {
          add(begin, stop, length - begin, placed);
          length += stop - begin;
        }
        at = stop;
        if (stop < extent.end()) {
          break;
        }
        area++;
      }
      at = Math.max(at, end);
      return length;
    }

    private void add(long begin, long end, long shift, List<Placed> placed) {
      while (stretch < before.size() && before.get(stretch).end() <= begin) {
        stretch++;
      }
      for (int i = stretch; i < before.size() && before.get(i).begin() < end; i++) {
        Stretch old = before.get(i);
        long from = Math.max(old.begin(), begin);
        long to = Math.min(old.end(), end);
        int offset = old.slice().offset() + (int) (from - old.begin());
        placed.add(
            new Placed(from + shift, new Slice(old.slice().frame(), offset, (int) (to - from))));
      }
    }

    /** Skips the chunk at the current position. */
    void skip(Chunk chunk) {
      long length = until(chunk.end(), new ArrayList<>());
      if (length != chunk.length()) {
        throw new IllegalStateException(
            "%d bytes where %d were unchanged".formatted(length, chunk.length()));
      }
    }
  }
}
