package dev.keg.tree;

import dev.keg.tree.FileKind.Extent;
import java.nio.ByteBuffer;
import java.util.List;

/** A regular file that is open for reading; later changes to its name do not matter. */
public interface OpenFile extends AutoCloseable {
  Stat stat();

  Xattrs xattrs();

  /** The ranges with data in the first bytes of the file; one range if holes are unknown. */
  List<Extent> data(long size);

  /** Reads into a direct buffer from that position; -1 at the end of the file. */
  int read(ByteBuffer into, long position);

  @Override
  void close();
}
