package dev.keg.backup.repository.rest;

import java.util.BitSet;
import java.util.List;

/**
 * What backups need of a data object.
 *
 * @param whole the parts that are needed as they are
 * @param partly frames outside of those, of which only some content is needed
 */
public record Needed(ByteRanges whole, List<Content> partly) {
  /**
   * Some content of a frame.
   *
   * @param offset where the frame begins in the object
   * @param length how many bytes it takes there
   * @param blocks which blocks of its plain bytes
   */
  public record Content(long offset, int length, BitSet blocks) {
    public Content {
      blocks = (BitSet) blocks.clone();
    }

    /** Whether it has all that the other is, of the same frame. */
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
