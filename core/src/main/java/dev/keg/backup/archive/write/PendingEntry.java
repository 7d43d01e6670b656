package dev.keg.backup.archive.write;

import dev.keg.backup.archive.frame.Frame;
import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.tree.Entry;
import java.util.List;

/** An entry whose frames have no place yet. */
record PendingEntry(
    Entry entry, Fingerprint fingerprint, boolean changedWhileRead, List<Part> parts) {
  /** A part of a frame. */
  record Part(Frame frame, int offset, int length) {}

  PendingEntry {
    parts = List.copyOf(parts);
  }

  static PendingEntry of(IndexedEntry known) {
    return new PendingEntry(
        known.entry(),
        known.fingerprint(),
        known.changedWhileRead(),
        known.slices().stream()
            .map(s -> new Part(new Frame(s.frame()), s.offset(), s.length()))
            .toList());
  }

  IndexedEntry placed() {
    return new IndexedEntry(
        entry,
        fingerprint,
        changedWhileRead,
        parts.stream().map(p -> new Slice(p.frame().place(), p.offset(), p.length())).toList());
  }
}
