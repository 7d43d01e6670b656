package dev.keg.backup.archive.delta;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.IndexedEntry.Run;
import dev.keg.backup.archive.index.Slice;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.RegularFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A large file in the previous archive, by positions in the file. */
public final class EarlierFile {
  private final List<Stretch> stretches = new ArrayList<>();
  private final List<Chunk> chunks = new ArrayList<>();

  /** A part of a slice without holes, and its position in the file. */
  public record Stretch(long begin, Slice slice) {
    public long end() {
      return begin + slice.length();
    }
  }

  /**
   * What one frame would hold: a slice, or a run of slices with their common hash. There may be
   * holes between its first and its last byte.
   */
  public record Chunk(long begin, long end, List<Slice> slices, Optional<FrameHash> hash) {
    public Chunk {
      slices = List.copyOf(slices);
    }

    public long length() {
      return slices.stream().mapToLong(Slice::length).sum();
    }

    /** Whether a new archive may refer to all of it. */
    public boolean isUsable(Predicate<FrameRef> usable) {
      return slices.stream().map(Slice::frame).allMatch(usable);
    }
  }

  public EarlierFile(IndexedEntry entry) {
    if (!(entry.entry().kind() instanceof RegularFile file)) {
      throw new IllegalArgumentException(entry.entry().path() + ": no regular file");
    }
    int run = 0;
    Areas areas = new Areas(file.data());
    for (int i = 0; i < entry.slices().size(); ) {
      Optional<Run> all =
          run < entry.runs().size() && entry.runs().get(run).first() == i
              ? Optional.of(entry.runs().get(run++))
              : Optional.empty();
      int count = all.map(Run::count).orElse(1);
      add(entry.slices().subList(i, i + count), all.map(Run::hash), areas);
      i += count;
    }
  }

  private void add(List<Slice> slices, Optional<FrameHash> hash, Areas areas) {
    int first = stretches.size();
    slices.forEach(slice -> areas.place(slice, stretches));
    chunks.add(new Chunk(stretches.get(first).begin(), stretches.getLast().end(), slices, hash));
  }

  /** The data areas of the file, filled from front to end. */
  private static final class Areas {
    private final List<Extent> data;
    private int area;
    private long done;

    Areas(List<Extent> data) {
      this.data = data;
    }

    void place(Slice slice, List<Stretch> stretches) {
      int at = 0;
      while (at < slice.length()) {
        Extent extent = data.get(area);
        int length = (int) Math.min(slice.length() - at, extent.length() - done);
        Slice part = new Slice(slice.frame(), slice.offset() + at, length);
        stretches.add(new Stretch(extent.offset() + done, part));
        at += length;
        done += length;
        if (done == extent.length()) {
          area++;
          done = 0;
        }
      }
    }
  }

  /** The stretches of data, in order. */
  public List<Stretch> stretches() {
    return List.copyOf(stretches);
  }

  /** The same data, divided as in the archive. */
  public List<Chunk> chunks() {
    return List.copyOf(chunks);
  }
}
