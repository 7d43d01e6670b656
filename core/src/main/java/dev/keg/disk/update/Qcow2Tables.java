package dev.keg.disk.update;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The header of a qcow2 image that QEMU creates for a copy: version 3, clusters of 64 KiB, counts
 * of 16 bits, and no features that require more (QEMU's {@code docs/interop/qcow2.txt}). All
 * numbers are big-endian:
 *
 * <pre>
 *  0 "QFI\xfb"       4 version       8 backing file   20 cluster bits    24 size   32 crypt method
 * 36 entries in L1  40 L1           48 refcount table 56 its clusters    60 snapshots
 * 72 incompatible features          88 autoclear features                96 refcount order
 * </pre>
 *
 * L1 has the positions of L2 tables, each of which has the positions of 8192 clusters. Bits 9 to 55
 * of an entry are the position; bit 63 means that nothing else refers to it. In L2, bit 62 means
 * that the cluster is compressed, and bit 0 that it reads as zeros.
 */
public record Qcow2Tables(long size, long l1, int l1Entries, long counts, int countsClusters) {
  static final int CLUSTER = 64 << 10;
  static final int ENTRIES = CLUSTER / Long.BYTES;
  static final long PLACE = 0x00FF_FFFF_FFFF_FE00L;
  static final long SOLE = 1L << 63;
  static final long COMPRESSED = 1L << 62;
  static final long ZEROS = 1;

  private static final int MAGIC = 0x5146_49FB;
  private static final int LENGTH = 104;
  private static final int CLUSTER_BITS = 16;
  private static final int COUNT_ORDER = 4;

  /** Empty if this is another kind of image, or none. */
  public static Optional<Qcow2Tables> of(ImageBytes image) {
    ByteBuffer header = image.read(0, LENGTH);
    boolean plain =
        header.getInt(0) == MAGIC
            && header.getInt(4) == 3
            && header.getLong(8) == 0
            && header.getInt(20) == CLUSTER_BITS
            && header.getInt(32) == 0
            && header.getInt(60) == 0
            && header.getLong(72) == 0
            && header.getLong(88) == 0
            && header.getInt(96) == COUNT_ORDER;
    if (!plain) {
      return Optional.empty();
    }
    Qcow2Tables tables =
        new Qcow2Tables(
            header.getLong(24),
            header.getLong(40),
            header.getInt(36),
            header.getLong(48),
            header.getInt(56));
    return Optional.of(tables).filter(Qcow2Tables::isSane);
  }

  private boolean isSane() {
    long most = (long) Integer.MAX_VALUE * CLUSTER;
    return size > 0
        && size <= most
        && l1Entries >= l1Needed()
        && isCluster(l1)
        && isCluster(counts)
        && countsClusters > 0;
  }

  static boolean isCluster(long place) {
    return place > 0 && place % CLUSTER == 0;
  }

  /** The number of L2 tables for a disk of this size. */
  int l1Needed() {
    return (int) ((size + (long) CLUSTER * ENTRIES - 1) / ((long) CLUSTER * ENTRIES));
  }

  /** The position of an L2 table, if it exists. */
  OptionalLong l2(ImageBytes image, int number) {
    long place = image.read(l1 + (long) number * Long.BYTES, Long.BYTES).getLong(0) & PLACE;
    return place == 0 ? OptionalLong.empty() : OptionalLong.of(place);
  }
}
