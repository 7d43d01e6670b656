package dev.keg.disk;

import java.util.HashMap;
import java.util.Map;

/** The positions of the blocks of a growing image. */
final class BlockPositions {
  private final Map<Integer, Long> positions = new HashMap<>();
  private final long length;
  private long end;

  BlockPositions(long start, long length) {
    this.end = start;
    this.length = length;
  }

  boolean has(int block) {
    return positions.containsKey(block);
  }

  /** The position of a block; a missing block is a bug. */
  long of(int block) {
    Long position = positions.get(block);
    if (position == null) {
      throw new IllegalStateException("block " + block + " has no position");
    }
    return position;
  }

  long add(int block) {
    long position = end;
    positions.put(block, position);
    end += length;
    return position;
  }

  long end() {
    return end;
  }
}
