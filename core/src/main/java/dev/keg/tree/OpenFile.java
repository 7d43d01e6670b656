package dev.keg.tree;

import dev.keg.tree.Kind.Extent;
import java.nio.ByteBuffer;
import java.util.List;

/** A regular file that is open for reading; what its name means now no longer matters. */
public interface OpenFile extends AutoCloseable {
  Stat stat();

  Xattrs xattrs();

  /** Where the first so many bytes of the file have data; one area where holes are not shown. */
  List<Extent> data(long size);

  /** Reads as much as a direct buffer takes or the file has from there; -1 at its end. */
  int read(ByteBuffer into, long position);

  @Override
  void close();
}
