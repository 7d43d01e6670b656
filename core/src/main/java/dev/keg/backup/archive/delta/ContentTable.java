package dev.keg.backup.archive.delta;

import dev.keg.backup.archive.frame.FrameHash;
import java.util.OptionalLong;

/**
 * Where content of a hash may lie, in 16 bytes for each: half of the hash, and the numbers of a
 * page and of an entry on it. Open addressing in two arrays, at most three quarters full: 22 MB,
 * however many files there are.
 */
final class ContentTable {
  /** A million files, or two terabytes of large ones; what is beyond is written again. */
  private static final int MAX = 1 << 20;

  private static final int ENTRY_BITS = 24;

  private long[] keys = new long[slots(1 << 10)];
  private long[] places = new long[slots(1 << 10)];
  private int size;

  /** Never 0, which is what an empty slot has. */
  static long place(int page, int entry) {
    return (long) (page + 1) << ENTRY_BITS | entry;
  }

  static int page(long place) {
    return (int) (place >>> ENTRY_BITS) - 1;
  }

  static int entry(long place) {
    return (int) place & ((1 << ENTRY_BITS) - 1);
  }

  private static int slots(int entries) {
    return entries / 3 * 4 + 4;
  }

  /** So many more may come: room for all of them at once leaves no smaller arrays behind. */
  void expect(long more) {
    int slots = slots(size + (int) Math.min(more, MAX - size));
    if (slots > keys.length) {
      grow(slots);
    }
  }

  /** The first place of a hash stays. */
  void put(FrameHash hash, long place) {
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
    long[] oldPlaces = places;
    keys = new long[slots];
    places = new long[slots];
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

  /** The place to look at, if there is one. */
  OptionalLong get(FrameHash hash) {
    for (int slot = slot(hash.high()); places[slot] != 0; slot = next(slot)) {
      if (keys[slot] == hash.high()) {
        return OptionalLong.of(places[slot]);
      }
    }
    return OptionalLong.empty();
  }

  // A keyed hash is as good as random in any of its bits.
  private int slot(long key) {
    return (int) Math.unsignedMultiplyHigh(key, keys.length);
  }

  private int next(int slot) {
    return slot + 1 == keys.length ? 0 : slot + 1;
  }
}
