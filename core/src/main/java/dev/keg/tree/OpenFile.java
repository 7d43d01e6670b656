package dev.keg.tree;

import dev.keg.tree.FileKind.Extent;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;

/** A regular file that is open for reading; later changes to its name do not matter. */
public interface OpenFile extends AutoCloseable {
  Stat stat();

  Xattrs xattrs();

  /** The ranges with data in the first bytes of the file; one range if holes are unknown. */
  List<Extent> data(long size);

  /** Reads into a direct buffer from that position; -1 at the end of the file. */
  int read(ByteBuffer into, long position);

  /** How many of the first bytes are in memory; empty if the system does not tell. */
  default OptionalLong cached(long size) {
    return OptionalLong.empty();
  }

  /**
   * Asks the system to start reading bytes into memory, without waiting. Returns false if it
   * cannot; then they can be read.
   */
  default boolean prefetch(long from, int length) {
    return false;
  }

  @Override
  void close();
}
