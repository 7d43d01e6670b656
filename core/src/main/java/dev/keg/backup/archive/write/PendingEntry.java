package dev.keg.backup.archive.write;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.IndexedEntry.Run;
import dev.keg.backup.archive.index.Slice;
import dev.keg.tree.Entry;
import dev.keg.tree.Xattrs.Xattr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An entry whose frames have no position yet.
 *
 * @param known the whole entry, if it refers to frames of earlier archives alone; it has no parts
 */
record PendingEntry(
    Entry entry,
    Fingerprint fingerprint,
    boolean changedWhileRead,
    List<Part> parts,
    Optional<FrameHash> content,
    Optional<IndexedEntry> known) {
  /** This many bytes of attributes count as another entry. */
  private static final int HEAVY = 4096;

  /** A part of a frame. */
  record Part(Frame frame, int offset, int length) {
    static Part of(Slice known) {
      return new Part(new Frame(known.frame()), known.offset(), known.length());
    }
  }

  PendingEntry {
    parts = List.copyOf(parts);
  }

  /** How many entries it counts as: large attributes would make a page too long. */
  int weight() {
    long bytes = 0;
    for (Xattr attribute : entry.attributes().xattrs().list()) {
      bytes += attribute.value().length();
    }
    return 1 + (int) (bytes / HEAVY);
  }

  static PendingEntry of(IndexedEntry known) {
    return new PendingEntry(
        known.entry(),
        known.fingerprint(),
        known.changedWhileRead(),
        List.of(),
        known.content(),
        Optional.of(known));
  }

  /** How many slices it has, or nearly: a frame may become several. */
  int slices() {
    return known.map(whole -> whole.slices().size()).orElse(parts.size());
  }

  IndexedEntry placed() {
    return known.orElseGet(this::place);
  }

  private IndexedEntry place() {
    List<Slice> slices = new ArrayList<>();
    List<Run> runs = new ArrayList<>();
    parts.forEach(part -> part.frame().addTo(slices, runs, part.offset(), part.length()));
    return new IndexedEntry(entry, fingerprint, changedWhileRead, slices, content, runs);
  }
}
