package dev.keg.backup.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** An object read in order, a piece at a time. */
final class ObjectStream extends InputStream {
  private static final int PIECE = 4 << 20;

  private final ObjectStore store;
  private final ObjectName name;
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE);
  private long next;

  private ObjectStream(ObjectStore store, ObjectName name) {
    this.store = store;
    this.name = name;
  }

  /** Reads the first piece, so that a missing object is noticed at once. */
  static InputStream open(ObjectStore store, ObjectName name) throws StoreException {
    ObjectStream stream = new ObjectStream(store, name);
    stream.fetch();
    return stream;
  }

  private void fetch() throws StoreException {
    piece.clear();
    next += store.read(name, next, piece);
    piece.flip();
  }

  /** Whether a byte is left; a short piece was the last one. */
  private boolean hasMore() throws StoreException {
    if (!piece.hasRemaining() && piece.limit() == piece.capacity()) {
      fetch();
    }
    return piece.hasRemaining();
  }

  @Override
  public int read() throws IOException {
    return hasMore() ? piece.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (!hasMore()) {
      return -1;
    }
    int count = Math.min(length, piece.remaining());
    piece.get(bytes, offset, count);
    return count;
  }
}
