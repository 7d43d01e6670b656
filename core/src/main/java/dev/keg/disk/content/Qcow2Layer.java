package dev.keg.disk.content;

import dev.keg.disk.ImageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The clusters of a qcow2 image (QEMU's {@code docs/interop/qcow2.txt}), big-endian: an entry of
 * the first table points to a second table, and an entry of that to a cluster.
 *
 * <pre>
 * 20 cluster bits      32 crypt method   36 entries of the first table   40 where it is
 * 72 incompatible features (version 3)  100 header length               104 compression type
 * </pre>
 */
final class Qcow2Layer implements GuestDisk.Layer {
  private static final int HEADER = 72;
  private static final int HEADER_3 = 104;
  private static final long SUBCLUSTERS = 16;
  private static final int PER_CLUSTER = 32;
  private static final long PLACE = 0x00ff_ffff_ffff_fe00L;
  private static final long COMPRESSED = 1L << 62;
  private static final long ZEROS = 1;
  private static final int SECTOR = 512;

  private final ImageFile image;
  private final int clusterBits;
  private final int clusterSize;
  private final long entries;
  private final long tableAt;
  private final boolean subclusters;
  private final boolean deflated;

  Qcow2Layer(ImageFile image) throws IOException {
    this.image = image;
    ByteBuffer header = read(0, HEADER);
    boolean third = header.getInt(4) == 3;
    if (third) {
      header = read(0, HEADER_3);
    }
    clusterBits = header.getInt(20);
    if (clusterBits < 9 || clusterBits > 21) {
      throw image.broken("its clusters have an impossible size");
    }
    if (header.getInt(32) != 0) {
      throw image.broken("it is encrypted");
    }
    clusterSize = 1 << clusterBits;
    entries = Integer.toUnsignedLong(header.getInt(36));
    tableAt = header.getLong(40);
    subclusters = third && (header.getLong(HEADER) & SUBCLUSTERS) != 0;
    boolean typed = third && header.getInt(100) > HEADER_3;
    deflated = !typed || image.read(HEADER_3, 1).get(0) == 0;
  }

  private ByteBuffer read(long at, int length) throws IOException {
    return image.read(at, length).order(ByteOrder.BIG_ENDIAN);
  }

  @Override
  public boolean read(long at, ByteBuffer sector) throws IOException {
    int width = subclusters ? 2 * Long.BYTES : Long.BYTES;
    long perTable = clusterSize / width;
    long cluster = at >>> clusterBits;
    long first = cluster / perTable;
    long table =
        first < entries ? read(tableAt + first * Long.BYTES, Long.BYTES).getLong() & PLACE : 0;
    if (table == 0) {
      return false;
    }
    ByteBuffer entry = read(table + cluster % perTable * width, width);
    long inCluster = at & (clusterSize - 1);
    long word = entry.getLong();
    if ((word & COMPRESSED) != 0) {
      sector.put(inflated(word), (int) inCluster, sector.capacity()).flip();
      return true;
    }
    return subclusters
        ? part(word, entry.getLong(), inCluster, sector)
        : whole(word, inCluster, sector);
  }

  private boolean whole(long word, long inCluster, ByteBuffer sector) throws IOException {
    if ((word & ZEROS) != 0) {
      return true;
    }
    long place = word & PLACE;
    return place != 0 && GuestDisk.copy(image, place + inCluster, sector);
  }

  /** The lower half of the bitmap marks allocated subclusters, the upper half marks zeros. */
  private boolean part(long word, long bitmap, long inCluster, ByteBuffer sector)
      throws IOException {
    long number = inCluster / (clusterSize / PER_CLUSTER);
    if ((bitmap >>> (PER_CLUSTER + number) & 1) != 0) {
      return true;
    }
    return (bitmap >>> number & 1) != 0
        && GuestDisk.copy(image, (word & PLACE) + inCluster, sector);
  }

  /** The position is in the lower bits; the number of additional sectors in the bits above. */
  private byte[] inflated(long word) throws IOException {
    if (!deflated) {
      throw image.broken("it is compressed by zstd");
    }
    int bits = 62 - (clusterBits - 8);
    long at = word & ((1L << bits) - 1);
    long sectors = (word & (COMPRESSED - 1)) >>> bits;
    long end = Math.min(image.length(), (at & -SECTOR) + (sectors + 1) * SECTOR);
    if (end <= at) {
      throw image.broken("a compressed cluster is beyond its end");
    }
    byte[] packed = new byte[(int) (end - at)];
    image.read(at, packed.length).get(packed);
    byte[] cluster = new byte[clusterSize];
    try (Inflater inflater = new Inflater(true)) {
      inflater.setInput(packed);
      if (inflater.inflate(cluster) != clusterSize) {
        throw image.broken("a compressed cluster is damaged");
      }
      return cluster;
    } catch (DataFormatException e) {
      throw image.broken("a compressed cluster is damaged: " + e.getMessage());
    }
  }
}
