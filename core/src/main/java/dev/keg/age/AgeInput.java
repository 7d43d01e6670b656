package dev.keg.age;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Objects;

/** The content of an age file, read in order. Every byte that it returns was authenticated. */
public final class AgeInput extends InputStream {
  private final InputStream in;
  private final Payload payload;
  private final byte[] sealed = new byte[Payload.SEALED];
  private final byte[] chunk = new byte[Payload.CHUNK];
  private long number;
  private int next;
  private int length;
  private boolean last;

  private AgeInput(InputStream in, Payload payload) {
    this.in = in;
    this.payload = payload;
  }

  /** Reads the head with one of the keys. */
  public static AgeInput open(InputStream in, Collection<? extends Identity> identities)
      throws IOException {
    return new AgeInput(in, Head.read(in, identities).payload());
  }

  private boolean hasMore() throws IOException {
    while (next == length) {
      if (last) {
        requireEnd();
        return false;
      }
      int count = in.readNBytes(sealed, 0, Payload.SEALED);
      last = payload.open(number, sealed, 0, count, chunk);
      number++;
      next = 0;
      length = count - Payload.TAG;
    }
    return true;
  }

  private void requireEnd() throws IOException {
    if (in.read() >= 0) {
      throw AgeException.payload("there is data after its end");
    }
  }

  @Override
  public int read() throws IOException {
    return hasMore() ? chunk[next++] & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    if (count == 0) {
      return 0;
    }
    if (!hasMore()) {
      return -1;
    }
    int taken = Math.min(count, length - next);
    System.arraycopy(chunk, next, bytes, offset, taken);
    next += taken;
    return taken;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
