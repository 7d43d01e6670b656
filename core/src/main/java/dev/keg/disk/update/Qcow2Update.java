package dev.keg.disk.update;

import dev.keg.disk.update.DiskUpdate.Part;
import dev.keg.disk.update.Qcow2Changes.Cluster;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Writes clusters of a disk to a qcow2 image as QEMU would: in place if the disk has the cluster
 * already, otherwise into one that is freed meanwhile, or at the end. Only affected tables are
 * read, and nothing is written: the result contains the changed parts.
 */
public final class Qcow2Update {
  private static final int CLUSTER = Qcow2Tables.CLUSTER;
  private static final int COUNTS = CLUSTER / Short.BYTES;

  private final Qcow2Tables header;
  private final long length;
  private final ChangedTables tables;
  private final NavigableMap<Long, Part> parts = new TreeMap<>();
  private final List<Long> free = new ArrayList<>();
  private final Deque<Long> unused = new ArrayDeque<>();
  private long end;
  private boolean strange;

  Qcow2Update(ImageBytes before, Qcow2Tables header, long length) {
    this.tables = new ChangedTables(before);
    this.header = header;
    this.length = length;
    this.end = (length + CLUSTER - 1) / CLUSTER * CLUSTER;
  }

  /** Empty if the image has something that QEMU does not create in a copy. */
  Optional<DiskUpdate> with(List<Cluster> changes) {
    changes.stream().filter(change -> change.data().isEmpty()).forEach(change -> clear(change));
    free.sort(Comparator.naturalOrder());
    free.forEach(place -> count(place, 0));
    unused.addAll(free);
    for (Cluster change : changes) {
      if (change.data().isPresent()) {
        write(change.at(), change.data().getAsLong());
      }
    }
    unused.forEach(place -> parts.put(place, new Part.Hole()));
    long last = parts.isEmpty() ? 0 : parts.lastKey() + CLUSTER;
    return strange ? Optional.empty() : Optional.of(new DiskUpdate(Math.max(length, last), parts));
  }

  private static int index(long at) {
    return (int) (at / CLUSTER % Qcow2Tables.ENTRIES) * Long.BYTES;
  }

  private long l1Place(long at) {
    return header.l1() + at / CLUSTER / Qcow2Tables.ENTRIES * Long.BYTES;
  }

  private void clear(Cluster change) {
    OptionalLong l2 = pointer(l1Place(change.at()));
    if (l2.isEmpty()) {
      return;
    }
    long entry = tables.at(l2.getAsLong()).getLong(index(change.at()));
    long place = place(entry);
    if (entry != 0) {
      putLong(l2.getAsLong(), index(change.at()), 0);
    }
    if (place != 0) {
      free.add(place);
    }
  }

  private void write(long at, long data) {
    long l2 = pointer(l1Place(at)).orElseGet(() -> newTable(l1Place(at)));
    long entry = tables.at(l2).getLong(index(at));
    long place = place(entry);
    long target = place == 0 ? allocate() : place;
    if (place == 0 || (entry & Qcow2Tables.ZEROS) != 0) {
      putLong(l2, index(at), target | Qcow2Tables.SOLE);
    }
    parts.put(target, new Part.Data(data));
  }

  /** The position of a cluster that nothing else refers to. */
  private long place(long entry) {
    long place = entry & Qcow2Tables.PLACE;
    boolean sole = (entry & Qcow2Tables.SOLE) != 0 && place % CLUSTER == 0;
    strange |= (entry & Qcow2Tables.COMPRESSED) != 0 || (place != 0 && !sole);
    return place;
  }

  private OptionalLong pointer(long at) {
    long place = tables.at(at - at % CLUSTER).getLong((int) (at % CLUSTER)) & Qcow2Tables.PLACE;
    strange |= place % CLUSTER != 0;
    return place == 0 || strange ? OptionalLong.empty() : OptionalLong.of(place);
  }

  private long newTable(long pointer) {
    long place = allocate();
    tables.begin(place);
    putPointer(pointer, place | Qcow2Tables.SOLE);
    return place;
  }

  private long allocate() {
    long place = unused.isEmpty() ? append() : unused.remove();
    count(place, 1);
    return place;
  }

  private long append() {
    long place = end;
    end += CLUSTER;
    return place;
  }

  /** Changes the reference count of a cluster of the image. */
  private void count(long place, int times) {
    long block = place / CLUSTER / COUNTS;
    long pointer = header.counts() + block * Long.BYTES;
    if (strange || block >= (long) header.countsClusters() * Qcow2Tables.ENTRIES) {
      strange = true;
      return;
    }
    OptionalLong known = pointer(pointer);
    long counts = known.orElseGet(this::append);
    if (known.isEmpty()) {
      tables.begin(counts);
      putPointer(pointer, counts);
      count(counts, 1);
    }
    int at = (int) (place / CLUSTER % COUNTS) * Short.BYTES;
    strange |= tables.at(counts).getShort(at) != 1 - times;
    tables.putShort(counts, at, (short) times);
    isChanged(counts);
  }

  private void putPointer(long at, long value) {
    putLong(at - at % CLUSTER, (int) (at % CLUSTER), value);
  }

  private void putLong(long table, int at, long value) {
    tables.putLong(table, at, value);
    isChanged(table);
  }

  private void isChanged(long table) {
    parts.computeIfAbsent(table, place -> new Part.Bytes(() -> tables.at(place)));
  }
}
