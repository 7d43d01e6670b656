package dev.keg.backup.archive.index;

import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.RegularFile;
import java.util.List;

/** A file in the index: what it is, and where its stored bytes lie, in order. */
public record IndexedEntry(
    Entry entry, Fingerprint fingerprint, boolean changedWhileRead, List<Slice> slices) {
  public IndexedEntry {
    slices = List.copyOf(slices);
    long sum = sum(slices);
    long stored = entry.kind() instanceof RegularFile file ? file.stored() : 0;
    if (sum != stored) {
      throw new IllegalArgumentException(
          "%s: %d bytes in frames, %d in its header".formatted(entry.path(), sum, stored));
    }
  }

  /** How many bytes of content the archive has for it. */
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
