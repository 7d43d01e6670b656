package dev.keg.backup.save;

import dev.keg.backup.archive.delta.EarlierBytes;
import dev.keg.disk.update.DiskUpdate;
import dev.keg.disk.update.DiskUpdate.Part;
import dev.keg.disk.update.Qcow2Changes;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.Xattrs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A disk's current image, although only the writes to it are at hand: the rest is read from the
 * previous backup.
 */
final class UpdatedImage implements OpenFile {
  private static final int CLUSTER = Qcow2Changes.CLUSTER;

  private final OpenFile changes;
  private final EarlierBytes earlier;
  private final List<Extent> before;
  private final DiskUpdate update;

  /**
   * @param before where the image had data
   */
  UpdatedImage(OpenFile changes, EarlierBytes earlier, List<Extent> before, DiskUpdate update) {
    this.changes = changes;
    this.earlier = earlier;
    this.before = before;
    this.update = update;
  }

  /** The stat of the file with the changes, with another size. */
  static Stat stat(Stat changes, long size) {
    return new Stat(
        changes.type(),
        changes.mode(),
        changes.uid(),
        changes.gid(),
        size,
        changes.modified(),
        changes.changed(),
        changes.device(),
        changes.inode(),
        changes.links(),
        changes.major(),
        changes.minor(),
        true,
        changes.mountPoint(),
        changes.flagged());
  }

  @Override
  public Stat stat() {
    return stat(changes.stat(), update.length());
  }

  @Override
  public Xattrs xattrs() {
    return changes.xattrs();
  }

  @Override
  public List<Extent> data(long size) {
    List<Extent> data = new ArrayList<>();
    before.forEach(extent -> addUnchanged(data, extent));
    update
        .parts()
        .forEach(
            (at, part) -> {
              if (!(part instanceof Part.Hole)) {
                data.add(extent(at));
              }
            });
    data.sort(Comparator.comparingLong(Extent::offset));
    return joined(data);
  }

  private void addUnchanged(List<Extent> data, Extent extent) {
    long at = extent.offset();
    while (at < extent.end()) {
      Long part = update.parts().floorKey(at);
      if (part != null && part + CLUSTER > at) {
        at = part + CLUSTER;
        continue;
      }
      Long next = update.parts().higherKey(at);
      long end = next == null ? extent.end() : Math.min(next, extent.end());
      data.add(new Extent(at, end - at));
      at = end;
    }
  }

  private Extent extent(long at) {
    return extent(update, at);
  }

  private static Extent extent(DiskUpdate update, long at) {
    return new Extent(at, Math.min(CLUSTER, update.length() - at));
  }

  private static List<Extent> joined(List<Extent> sorted) {
    List<Extent> joined = new ArrayList<>();
    for (Extent extent : sorted) {
      if (!joined.isEmpty() && joined.getLast().end() == extent.offset()) {
        Extent last = joined.removeLast();
        joined.add(new Extent(last.offset(), last.length() + extent.length()));
      } else {
        joined.add(extent);
      }
    }
    return joined;
  }

  /** The ranges that may differ from the previous backup. */
  static List<Extent> changed(DiskUpdate update) {
    return joined(update.parts().keySet().stream().map(at -> extent(update, at)).toList());
  }

  @Override
  public int read(ByteBuffer into, long position) {
    if (position >= update.length()) {
      return -1;
    }
    Map.Entry<Long, Part> part = update.parts().floorEntry(position);
    boolean isChanged = part != null && part.getKey() + CLUSTER > position;
    Long next =
        isChanged ? Long.valueOf(part.getKey() + CLUSTER) : update.parts().higherKey(position);
    long end = next == null ? update.length() : Math.min(next, update.length());
    int limit = into.limit();
    int length = (int) Math.min(into.remaining(), end - position);
    into.limit(into.position() + length);
    if (isChanged) {
      read(part.getValue(), (int) (position - part.getKey()), into);
    } else {
      earlier.read(into, position);
    }
    into.limit(limit);
    return length;
  }

  private void read(Part part, int offset, ByteBuffer into) {
    switch (part) {
      case Part.Data(long at) -> {
        long from = at + offset;
        int n = 0;
        while (n >= 0 && into.hasRemaining()) {
          from += n;
          n = changes.read(into, from);
        }
        zeros(into); // the last cluster of a disk may be shorter
      }
      case Part.Bytes(Supplier<ByteBuffer> bytes) ->
          into.put(bytes.get().slice(offset, into.remaining()));
      case Part.Hole() -> zeros(into);
    }
  }

  private static void zeros(ByteBuffer into) {
    while (into.hasRemaining()) {
      into.put((byte) 0);
    }
  }

  @Override
  public void close() {
    changes.close();
  }
}
