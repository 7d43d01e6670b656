package dev.keg.disk.update;

import dev.keg.disk.update.DiskUpdate.Part;
import dev.keg.disk.update.Qcow2Changes.Cluster;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Writes clusters of a disk to a qcow2 image as QEMU would: in place where the disk has a cluster
 * already, else in one that is given up meanwhile, or behind the end. Only tables that are
 * concerned are read, and nothing is written: the result says what is to be where.
 */
public final class Qcow2Update {
  private static final int CLUSTER = Qcow2Tables.CLUSTER;
  private static final int COUNTS = CLUSTER / Short.BYTES;

  private final ImageBytes before;
  private final Qcow2Tables header;
  private final long length;
  private final Map<Long, ByteBuffer> tables = new HashMap<>();
  private final NavigableMap<Long, Part> parts = new TreeMap<>();
  private final Deque<Long> free = new ArrayDeque<>();
  private long end;
  private boolean strange;

  Qcow2Update(ImageBytes before, Qcow2Tables header, long length) {
    this.before = before;
    this.header = header;
    this.length = length;
    this.end = (length + CLUSTER - 1) / CLUSTER * CLUSTER;
  }

  /** Empty if the image has something that QEMU does not make in a copy. */
  Optional<DiskUpdate> with(List<Cluster> changes) {
    changes.stream().filter(change -> change.data().isEmpty()).forEach(change -> clear(change));
    for (Cluster change : changes) {
      if (change.data().isPresent()) {
        write(change.at(), change.data().getAsLong());
      }
    }
    free.forEach(place -> parts.put(place, new Part.Hole()));
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
    long entry = table(l2.getAsLong()).getLong(index(change.at()));
    long place = place(entry);
    if (entry != 0) {
      changed(l2.getAsLong()).putLong(index(change.at()), 0);
    }
    if (place != 0) {
      count(place, 0);
      free.add(place);
    }
  }

  private void write(long at, long data) {
    long l2 = pointer(l1Place(at)).orElseGet(() -> newTable(l1Place(at)));
    long entry = table(l2).getLong(index(at));
    long place = place(entry);
    long target = place == 0 ? allocate() : place;
    if (place == 0 || (entry & Qcow2Tables.ZEROS) != 0) {
      changed(l2).putLong(index(at), target | Qcow2Tables.SOLE);
    }
    parts.put(target, new Part.Data(data));
  }

  /** The place of a cluster that nothing else refers to. */
  private long place(long entry) {
    long place = entry & Qcow2Tables.PLACE;
    boolean sole = (entry & Qcow2Tables.SOLE) != 0 && place % CLUSTER == 0;
    strange |= (entry & Qcow2Tables.COMPRESSED) != 0 || (place != 0 && !sole);
    return place;
  }

  private OptionalLong pointer(long at) {
    long place = table(at - at % CLUSTER).getLong((int) (at % CLUSTER)) & Qcow2Tables.PLACE;
    strange |= place % CLUSTER != 0;
    return place == 0 || strange ? OptionalLong.empty() : OptionalLong.of(place);
  }

  private long newTable(long pointer) {
    long place = allocate();
    blank(place);
    changed(pointer - pointer % CLUSTER)
        .putLong((int) (pointer % CLUSTER), place | Qcow2Tables.SOLE);
    return place;
  }

  private long allocate() {
    long place = free.isEmpty() ? append() : free.remove();
    count(place, 1);
    return place;
  }

  private long append() {
    long place = end;
    end += CLUSTER;
    return place;
  }

  /** How often a cluster of the image is used. */
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
      blank(counts);
      changed(pointer - pointer % CLUSTER).putLong((int) (pointer % CLUSTER), counts);
      count(counts, 1);
    }
    int at = (int) (place / CLUSTER % COUNTS) * Short.BYTES;
    strange |= table(counts).getShort(at) != 1 - times;
    changed(counts).putShort(at, (short) times);
  }

  private ByteBuffer table(long place) {
    return tables.computeIfAbsent(place, at -> before.read(at, CLUSTER));
  }

  private void blank(long place) {
    tables.put(place, ByteBuffer.allocate(CLUSTER));
  }

  private ByteBuffer changed(long place) {
    ByteBuffer table = table(place);
    parts.put(place, new Part.Bytes(table));
    return table;
  }
}
