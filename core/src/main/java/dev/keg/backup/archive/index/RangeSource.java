package dev.keg.backup.archive.index;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Predicate;

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

  /**
   * Fills the buffer as far as needed with what is left of the frame that begins there, as far as
   * this is known: after {@link #read} failed, or {@link #readAgain} was called.
   *
   * @param enough which of several that are left will do
   * @return empty if it was not thinned, or none that will do is there and sound
   */
  default Optional<Thinned> readThinned(long offset, ByteBuffer into, Predicate<Thinned> enough) {
    return Optional.empty();
  }

  @Override
  void close();
}
