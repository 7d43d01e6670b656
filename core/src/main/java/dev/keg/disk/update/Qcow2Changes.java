package dev.keg.disk.update;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The content of a qcow2 image that holds only the writes to a disk: every allocated cluster, with
 * data or as zeros.
 */
public final class Qcow2Changes {
  /** The size of a cluster. */
  public static final int CLUSTER = Qcow2Tables.CLUSTER;

  private Qcow2Changes() {}

  /**
   * A cluster of the disk.
   *
   * @param at its position on the disk
   * @param data its position in the image; empty if it reads as zeros
   */
  public record Cluster(long at, OptionalLong data) {}

  /**
   * The clusters in the order of the disk, which has this size; empty if the image is of another
   * kind, or has more clusters than the limit.
   */
  public static Optional<List<Cluster>> of(ImageBytes image, long size, long most) {
    Optional<Qcow2Tables> header = Qcow2Tables.of(image).filter(found -> found.size() == size);
    if (header.isEmpty()) {
      return Optional.empty();
    }
    Qcow2Tables tables = header.get();
    List<Cluster> clusters = new ArrayList<>();
    for (int number = 0; number < tables.l1Needed(); number++) {
      OptionalLong place = tables.l2(image, number);
      if (place.isPresent()) {
        ByteBuffer l2 = image.read(place.getAsLong(), CLUSTER);
        long first = (long) number * Qcow2Tables.ENTRIES * CLUSTER;
        for (int i = 0; i < Qcow2Tables.ENTRIES; i++) {
          long entry = l2.getLong(i * Long.BYTES);
          long at = first + (long) i * CLUSTER;
          if (entry != 0 && (at >= size || !isPlain(entry) || clusters.size() >= most)) {
            return Optional.empty();
          }
          if (entry != 0) {
            clusters.add(cluster(at, entry));
          }
        }
      }
    }
    return Optional.of(clusters);
  }

  private static boolean isPlain(long entry) {
    return (entry & Qcow2Tables.COMPRESSED) == 0
        && (isZeros(entry) || Qcow2Tables.isCluster(entry & Qcow2Tables.PLACE));
  }

  private static boolean isZeros(long entry) {
    return (entry & Qcow2Tables.ZEROS) != 0;
  }

  private static Cluster cluster(long at, long entry) {
    return new Cluster(
        at, isZeros(entry) ? OptionalLong.empty() : OptionalLong.of(entry & Qcow2Tables.PLACE));
  }
}
