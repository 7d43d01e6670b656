package dev.keg.backup.archive.index;

import java.nio.ByteBuffer;

/**
 * An object that can be read at any place. Several threads may read at once. What cannot be read is
 * a {@link dev.keg.error.VolumeException}.
 */
public interface RangeSource extends AutoCloseable {
  long length();

  /** Fills the buffer with the bytes from there; they lie within the length. */
  void read(long offset, ByteBuffer into);

  /**
   * Fills the buffer with the same bytes from another place, for who finds those of {@link #read}
   * damaged.
   *
   * @return whether there is another place
   */
  default boolean readAgain(long offset, ByteBuffer into) {
    return false;
  }

  @Override
  void close();
}
