package dev.keg.disk.update;

import dev.keg.disk.update.Qcow2Changes.Cluster;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * An image that was updated with the writes to its disk.
 *
 * @param length the new length of the image
 * @param parts the changed parts by position; each has the size of a cluster, except at the end of
 *     the image
 */
public record DiskUpdate(long length, NavigableMap<Long, Part> parts) {
  /** The new content of a cluster of the image. */
  public sealed interface Part {
    /** The content at this position of the changes' image. */
    record Data(long at) implements Part {}

    /** These bytes, which are created on demand. */
    record Bytes(Supplier<ByteBuffer> bytes) implements Part {}

    /** A hole: it reads as zeros, or nothing refers to it. */
    record Hole() implements Part {}
  }

  /** Updates a raw image, which is as long as the disk. */
  public static DiskUpdate raw(long size, List<Cluster> changes) {
    NavigableMap<Long, Part> parts = new TreeMap<>();
    for (Cluster cluster : changes) {
      parts.put(
          cluster.at(),
          cluster.data().isPresent() ? new Part.Data(cluster.data().getAsLong()) : new Part.Hole());
    }
    return new DiskUpdate(size, parts);
  }

  /** Updates a qcow2 image; empty unless it looks like one that QEMU creates for a copy. */
  public static Optional<DiskUpdate> qcow2(
      ImageBytes before, long length, long size, List<Cluster> changes) {
    return Qcow2Tables.of(before)
        .filter(tables -> tables.size() == size)
        .flatMap(tables -> new Qcow2Update(before, tables, length).with(changes));
  }
}
