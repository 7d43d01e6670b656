package dev.keg.backup.oci;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A connection that counts as broken when a read waits too long for a byte. */
final class WatchedStream extends FilterInputStream {
  private static final long NOT_READING = Long.MIN_VALUE;

  private final long idle;
  private final Thread watch;
  private volatile long since = NOT_READING;
  private volatile boolean waitedTooLong;
  private volatile boolean closed;

  WatchedStream(InputStream in, Duration idle) {
    super(in);
    this.idle = idle.toNanos();
    watch = Thread.ofVirtual().start(this::watch);
  }

  private void watch() {
    while (!closed) {
      long start = since;
      long waited = start == NOT_READING ? 0 : System.nanoTime() - start;
      if (waited >= idle) {
        waitedTooLong = true;
        hangUp();
        return;
      }
      LockSupport.parkNanos(idle - waited);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    since = System.nanoTime();
    try {
      int count = in.read(bytes, offset, length);
      if (count >= 0 || !waitedTooLong) {
        return count;
      }
    } catch (IOException e) {
      if (!waitedTooLong) {
        throw e;
      }
    } finally {
      since = NOT_READING;
    }
    throw new IOException("nothing was received for " + Duration.ofNanos(idle).toSeconds() + " s");
  }

  /** Closes the connection; the reader then fails and reports it. */
  private void hangUp() {
    try {
      in.close();
    } catch (IOException _) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    hangUp();
    LockSupport.unpark(watch);
  }
}
