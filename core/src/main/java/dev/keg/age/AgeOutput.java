package dev.keg.age;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Writes an age file. {@link #finish} writes its end; readers report a file without it as
 * truncated.
 */
public final class AgeOutput extends OutputStream {
  private final OutputStream out;
  private final Payload payload;
  private final byte[] chunk = new byte[Payload.CHUNK];
  private final byte[] sealed = new byte[Payload.SEALED];
  private long number;
  private int length;
  private boolean finished;

  /** Writes the head. */
  public AgeOutput(OutputStream out, Head head) throws IOException {
    this.out = out;
    this.payload = head.payload();
    out.write(head.bytes());
  }

  @Override
  public void write(int oneByte) throws IOException {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    if (finished) {
      throw new IllegalStateException("the file has its end");
    }
    for (int done = 0; done < count; ) {
      // Only the following byte shows that a full chunk is not the last.
      if (length == Payload.CHUNK) {
        seal(false);
      }
      int taken = Math.min(count - done, Payload.CHUNK - length);
      System.arraycopy(bytes, offset + done, chunk, length, taken);
      length += taken;
      done += taken;
    }
  }

  private void seal(boolean last) throws IOException {
    int count = payload.seal(number++, last, chunk, length, sealed);
    length = 0;
    out.write(sealed, 0, count);
  }

  /** Writes the last chunk; must be called once. */
  public void finish() throws IOException {
    if (!finished) {
      finished = true;
      seal(true);
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  /** Closes the stream below; without {@link #finish}, the file has no end. */
  @Override
  public void close() throws IOException {
    out.close();
  }
}
