package dev.keg.disk.update;

import dev.keg.disk.update.Qcow2Changes.Cluster;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * An image that was brought up to date with what was written to its disk since.
 *
 * @param length of the image now
 * @param parts what is no longer as it was, by place; each has the size of a cluster, but ends with
 *     the image
 */
public record DiskUpdate(long length, NavigableMap<Long, Part> parts) {
  /** What a cluster of the image has now. */
  public sealed interface Part {
    /** What the image of the changes has from that place on. */
    record Data(long at) implements Part {}

    /** These bytes, which are made when they are asked for. */
    record Bytes(Supplier<ByteBuffer> bytes) implements Part {}

    /** Nothing: it reads as zeros, or nobody reads it. */
    record Hole() implements Part {}
  }

  /** Of a raw image, which is as long as the disk. */
  public static DiskUpdate raw(long size, List<Cluster> changes) {
    NavigableMap<Long, Part> parts = new TreeMap<>();
    for (Cluster cluster : changes) {
      parts.put(
          cluster.at(),
          cluster.data().isPresent() ? new Part.Data(cluster.data().getAsLong()) : new Part.Hole());
    }
    return new DiskUpdate(size, parts);
  }

  /** Of a qcow2 image; empty if it is not as QEMU makes one for a copy. */
  public static Optional<DiskUpdate> qcow2(
      ImageBytes before, long length, long size, List<Cluster> changes) {
    return Qcow2Tables.of(before)
        .filter(tables -> tables.size() == size)
        .flatMap(tables -> new Qcow2Update(before, tables, length).with(changes));
  }
}
