package dev.keg.disk.update;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tables of an image, some of them changed. A large disk has more tables than fit into memory,
 * so only the changed entries of each are kept, and the few that were used last are kept whole.
 */
final class ChangedTables {
  /** How many tables are kept whole; they are needed in the order of the disk. */
  private static final int WHOLE = 64;

  private static final int CLUSTER = Qcow2Tables.CLUSTER;

  private final ImageBytes before;
  private final Map<Long, Entries> changed = new HashMap<>();
  private final Map<Long, ByteBuffer> recent = new LinkedHashMap<>(2 * WHOLE, 0.75f, true);

  ChangedTables(ImageBytes before) {
    this.before = before;
  }

  /** The changed table at a position; only the caller writes to it. */
  ByteBuffer at(long place) {
    ByteBuffer known = recent.get(place);
    if (known != null) {
      return known;
    }
    Entries entries = changed.get(place);
    ByteBuffer table =
        entries != null && entries.fresh
            ? ByteBuffer.allocate(CLUSTER)
            : before.read(place, CLUSTER);
    if (entries != null) {
      entries.into(table);
    }
    if (recent.size() == WHOLE) {
      recent.remove(recent.keySet().iterator().next());
    }
    recent.put(place, table);
    return table;
  }

  /** Adds a new table of zeros. */
  void begin(long place) {
    recent.remove(place);
    changed.put(place, new Entries(true));
  }

  void putLong(long place, int at, long value) {
    put(place, at, value, Long.BYTES);
  }

  void putShort(long place, int at, short value) {
    put(place, at, value, Short.BYTES);
  }

  private void put(long place, int at, long value, int width) {
    ByteBuffer table = at(place);
    changed.computeIfAbsent(place, _ -> new Entries(false)).put(at, value, width);
    Entries.put(table, at, value, width);
  }

  /** The changed entries of one table, all with the same width, in order. */
  private static final class Entries {
    private final boolean fresh;
    private int width;
    private int count;
    private char[] places = new char[4];
    private long[] values = new long[4];

    Entries(boolean fresh) {
      this.fresh = fresh;
    }

    void put(int at, long value, int bytes) {
      width = bytes;
      int found = Arrays.binarySearch(places, 0, count, (char) at);
      if (found >= 0) {
        values[found] = value;
        return;
      }
      if (count == places.length) {
        places = Arrays.copyOf(places, 2 * count);
        values = Arrays.copyOf(values, 2 * count);
      }
      int into = -found - 1;
      System.arraycopy(places, into, places, into + 1, count - into);
      System.arraycopy(values, into, values, into + 1, count - into);
      places[into] = (char) at;
      values[into] = value;
      count++;
    }

    void into(ByteBuffer table) {
      for (int i = 0; i < count; i++) {
        put(table, places[i], values[i], width);
      }
    }

    static void put(ByteBuffer table, int at, long value, int width) {
      if (width == Short.BYTES) {
        table.putShort(at, (short) value);
      } else {
        table.putLong(at, value);
      }
    }
  }
}
