package dev.keg.backup.archive.index;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileKind.HardLink;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.TreePath;
import java.util.List;
import java.util.Optional;

/**
 * A file in the index, and the locations of its stored bytes, in order.
 *
 * @param content the hash of all its stored bytes, if known
 * @param runs the slices that together have a known hash
 */
public record IndexedEntry(
    Entry entry,
    Fingerprint fingerprint,
    boolean changedWhileRead,
    List<Slice> slices,
    Optional<FrameHash> content,
    List<Run> runs) {
  /**
   * Adjacent slices and the hash of their content: a changed part of a large file, which no single
   * frame holds any more.
   */
  public record Run(int first, int count, FrameHash hash) {
    public Run {
      if (first < 0 || count <= 0 || first > Integer.MAX_VALUE - count) {
        throw new IllegalArgumentException("a run of %d slices from %d".formatted(count, first));
      }
    }

    public int end() {
      return first + count;
    }

    public List<Slice> of(List<Slice> slices) {
      return slices.subList(first, end());
    }
  }

  public IndexedEntry {
    slices = List.copyOf(slices);
    runs = List.copyOf(runs);
    if (!runs.isEmpty() && runs.getLast().end() > slices.size()) {
      throw new IllegalArgumentException(entry.path() + ": a run beyond its slices");
    }
    long sum = sum(slices);
    long stored = entry.kind() instanceof RegularFile file ? file.stored() : 0;
    if (sum != stored) {
      throw new IllegalArgumentException(
          "%s: %d bytes in frames, %d in its header".formatted(entry.path(), sum, stored));
    }
  }

  public IndexedEntry(
      Entry entry, Fingerprint fingerprint, boolean changedWhileRead, List<Slice> slices) {
    this(entry, fingerprint, changedWhileRead, slices, Optional.empty(), List.of());
  }

  /** The same below a directory with another name. */
  IndexedEntry moved(TreePath from, TreePath to) {
    if (from.equals(to)) {
      return this;
    }
    FileKind kind =
        entry.kind() instanceof HardLink(TreePath target) && target.isWithin(from)
            ? new HardLink(to.resolve(target.below(from)))
            : entry.kind();
    Entry moved = new Entry(to.resolve(entry.path().below(from)), kind, entry.attributes());
    return new IndexedEntry(moved, fingerprint, changedWhileRead, slices, content, runs);
  }

  /** The hash of one of its slices, if known, which takes that it has no other. */
  public Optional<FrameHash> hash(Slice slice) {
    return content.filter(_ -> slice.length() == stored());
  }

  /** The number of content bytes that the archive stores for it. */
  public long stored() {
    return sum(slices);
  }

  private static long sum(List<Slice> slices) {
    long sum = 0;
    for (Slice slice : slices) {
      sum += slice.length();
    }
    return sum;
  }
}
