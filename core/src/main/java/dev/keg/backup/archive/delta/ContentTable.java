package dev.keg.backup.archive.delta;

import dev.keg.backup.archive.frame.FrameHash;
import java.util.OptionalInt;

/**
 * Maps a content hash to the number of its possible location, in 12 bytes each: half of the hash,
 * and the number. Open addressing in two arrays, at most three quarters full: at most 17 MB,
 * however many files there are.
 */
final class ContentTable {
  /** A million files, or two terabytes of large ones; content beyond that is written again. */
  private static final int MAX = 1 << 20;

  private long[] keys = new long[slots(1 << 10)];

  /** 0 marks an empty slot. */
  private int[] places = new int[slots(1 << 10)];

  private int size;

  private static int slots(int entries) {
    return entries / 3 * 4 + 4;
  }

  /**
   * Reserves room for this many more entries at once, so that no smaller arrays are left behind.
   */
  void expect(long more) {
    int slots = slots(size + (int) Math.min(more, MAX - size));
    if (slots > keys.length) {
      grow(slots);
    }
  }

  /**
   * Keeps the first location of a hash.
   *
   * @param place a positive number
   */
  void put(FrameHash hash, int place) {
    int slot = slot(hash.high());
    while (places[slot] != 0) {
      if (keys[slot] == hash.high()) {
        return;
      }
      slot = next(slot);
    }
    if (size >= MAX) {
      return;
    }
    keys[slot] = hash.high();
    places[slot] = place;
    size++;
    if (size > keys.length / 4 * 3) {
      grow(Math.min(2 * keys.length, slots(MAX)));
    }
  }

  private void grow(int slots) {
    long[] oldKeys = keys;
    int[] oldPlaces = places;
    keys = new long[slots];
    places = new int[slots];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldPlaces[i] != 0) {
        int slot = slot(oldKeys[i]);
        while (places[slot] != 0) {
          slot = next(slot);
        }
        keys[slot] = oldKeys[i];
        places[slot] = oldPlaces[i];
      }
    }
  }

  /** The location to look at, if any. */
  OptionalInt get(FrameHash hash) {
    for (int slot = slot(hash.high()); places[slot] != 0; slot = next(slot)) {
      if (keys[slot] == hash.high()) {
        return OptionalInt.of(places[slot]);
      }
    }
    return OptionalInt.empty();
  }

  // All bits of a keyed hash are random.
  private int slot(long key) {
    return (int) Math.unsignedMultiplyHigh(key, keys.length);
  }

  private int next(int slot) {
    return slot + 1 == keys.length ? 0 : slot + 1;
  }
}
