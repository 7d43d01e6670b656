package dev.keg.backup.archive.index;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * An object that can be read at any offset, by several threads at once. A failure is a {@link
 * dev.keg.error.VolumeException}.
 */
public interface RangeSource extends AutoCloseable {
  long length();

  /** Fills the buffer from the offset; the range must lie within the length. */
  void read(long offset, ByteBuffer into);

  /**
   * Fills the buffer with the same bytes from another copy, after those of {@link #read} proved
   * damaged: tries all copies until one is sound.
   *
   * @param sound examines the bytes of a copy
   * @return whether there is a sound copy
   */
  default boolean readAgain(long offset, ByteBuffer into, Predicate<ByteBuffer> sound) {
    return false;
  }

  /**
   * Fills the buffer with the thinned frame that replaces the one at this offset; for use after
   * {@link #read} failed or {@link #readAgain} was called.
   *
   * @param enough decides whether a thinned frame will do, if there are several
   * @return empty if there is no suitable, undamaged one
   */
  default Optional<Thinned> readThinned(long offset, ByteBuffer into, Predicate<Thinned> enough) {
    return Optional.empty();
  }

  @Override
  void close();
}
