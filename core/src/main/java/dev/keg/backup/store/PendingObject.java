package dev.keg.backup.store;

import dev.keg.volume.Size;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * An object that one thread is writing. Closing it unpublished discards it, so that {@code try}
 * with resources leaves the complete object or nothing.
 */
public abstract class PendingObject extends OutputStream {
  private enum State {
    OPEN,
    PUBLISHED,
    CLOSED
  }

  private State state = State.OPEN;
  private long written;

  /** Appends the bytes; the caller may reuse the array afterwards. */
  protected abstract void append(byte[] bytes, int offset, int length) throws StoreException;

  /** Makes the object durable and then visible. */
  protected abstract void commit() throws StoreException;

  /** Removes what {@link #append} wrote; called once, even after a failure. */
  protected abstract void discard() throws StoreException;

  @Override
  public final void write(int oneByte) throws IOException {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public final void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    requireOpen();
    append(bytes, offset, length);
    written += length;
  }

  /**
   * Makes the object visible to everybody, complete and durable. Nobody can change it afterwards.
   *
   * @throws StoreException.AlreadyExists if another object has the name; that one stays unchanged
   */
  public final void publish() throws StoreException {
    requireOpen();
    commit();
    state = State.PUBLISHED;
  }

  /** The number of bytes written so far. */
  public final Size size() {
    return new Size(written);
  }

  private void requireOpen() {
    if (state != State.OPEN) {
      throw new IllegalStateException("the object is " + state);
    }
  }

  @Override
  public final void close() throws StoreException {
    if (state == State.OPEN) {
      state = State.CLOSED;
      discard();
    }
  }
}
