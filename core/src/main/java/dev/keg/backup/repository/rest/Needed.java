package dev.keg.backup.repository.rest;

import java.util.BitSet;
import java.util.List;

/**
 * The parts of a data object that backups need.
 *
 * @param whole the ranges that are needed unchanged
 * @param partly frames outside of those, of which only some content is needed
 */
public record Needed(ByteRanges whole, List<Content> partly) {
  /**
   * Some content of a frame.
   *
   * @param offset the offset of the frame in the object
   * @param length its stored length
   * @param blocks the blocks of its plain bytes
   */
  public record Content(long offset, int length, BitSet blocks) {
    public Content {
      blocks = (BitSet) blocks.clone();
    }

    /** Whether it includes all of the other content, of the same frame. */
    boolean containsAll(Content other) {
      BitSet missing = (BitSet) other.blocks.clone();
      missing.andNot(blocks);
      return offset == other.offset && length == other.length && missing.isEmpty();
    }
  }

  public Needed {
    partly = List.copyOf(partly);
  }
}
