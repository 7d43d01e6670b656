package dev.keg.backup.archive.walk;

import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.Xattrs;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A small file that was read as a whole and did not change meanwhile. */
record BufferedFile(Stat stat, Xattrs xattrs, List<Extent> extents, ByteBuffer bytes)
    implements OpenFile {
  /** Reads the file into the buffer; empty if it has changed since it was seen. */
  static Optional<BufferedFile> read(OpenFile file, Stat seen, ByteBuffer room) {
    int size = (int) seen.size();
    int start = room.position();
    Xattrs xattrs = file.xattrs();
    List<Extent> extents = seen.sparse() ? file.data(size) : RegularFile.whole(size).data();
    ByteBuffer bytes = room.slice(start, size);
    int n = 0;
    while (n >= 0 && bytes.hasRemaining()) {
      n = file.read(bytes, bytes.position());
    }
    if (n < 0 || !file.stat().isUnchangedSince(seen)) {
      return Optional.empty();
    }
    room.position(start + size);
    return Optional.of(new BufferedFile(seen, xattrs, extents, bytes));
  }

  @Override
  public List<Extent> data(long size) {
    return extents;
  }

  @Override
  public int read(ByteBuffer into, long position) {
    int n = (int) Math.min(into.remaining(), bytes.capacity() - position);
    if (n <= 0) {
      return -1;
    }
    into.put(into.position(), bytes, (int) position, n).position(into.position() + n);
    return n;
  }

  @Override
  public void close() {}
}
