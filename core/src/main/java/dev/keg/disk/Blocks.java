package dev.keg.disk;

import java.util.HashMap;
import java.util.Map;

/** The positions of the blocks of a growing image. */
final class Blocks {
  private final Map<Integer, Long> places = new HashMap<>();
  private final long length;
  private long end;

  Blocks(long start, long length) {
    this.end = start;
    this.length = length;
  }

  boolean has(int block) {
    return places.containsKey(block);
  }

  /** The position of a block; a missing block is a bug. */
  long place(int block) {
    Long place = places.get(block);
    if (place == null) {
      throw new IllegalStateException("block " + block + " has no place");
    }
    return place;
  }

  long add(int block) {
    long place = end;
    places.put(block, place);
    end += length;
    return place;
  }

  long end() {
    return end;
  }
}
