package dev.keg.backup.extract;

import dev.keg.tree.Entry;
import java.util.Optional;

/** Entries with their content, from front to end. */
interface EntrySource {
  /** The next entry; empty at the end, once all of the source was read and found sound. */
  Optional<Entry> next();

  /** Reads stored bytes of the current regular file; -1 after the last. */
  int read(byte[] bytes, int offset, int length);
}
