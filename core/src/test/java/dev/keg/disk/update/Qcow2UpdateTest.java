package dev.keg.disk.update;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.disk.update.DiskUpdate.Part;
import dev.keg.disk.update.Qcow2Changes.Cluster;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Updates images repeatedly, and examines them as QEMU would. */
public final class Qcow2UpdateTest {
  private static final int CLUSTER = 64 << 10;
  private static final int ENTRIES = CLUSTER / Long.BYTES;
  private static final long TABLE = (long) ENTRIES * CLUSTER;
  private static final long SIZE = 3 * TABLE + 5 * CLUSTER;
  private static final long SOLE = 1L << 63;
  private static final ByteBuffer BLANK = ByteBuffer.allocate(CLUSTER).asReadOnlyBuffer();

  /** Clusters by offset; missing ones are zeros. */
  private final Map<Long, ByteBuffer> image = new HashMap<>();

  /** The first value of each cluster of the disk; zero for one without data. */
  private final Map<Long, Long> disk = new TreeMap<>();

  private final Random random = new Random(7);
  private long length;

  private ByteBuffer cluster(long at) {
    return image.computeIfAbsent(at, _ -> ByteBuffer.allocate(CLUSTER));
  }

  /** An empty image: a header, the refcount table, its first block, and L1. */
  private void empty() {
    cluster(0).putInt(0, 0x5146_49FB).putInt(4, 3).putInt(20, 16).putLong(24, SIZE);
    cluster(0).putInt(36, 4).putLong(40, 3 * CLUSTER).putLong(48, CLUSTER).putInt(56, 1);
    cluster(0).putInt(96, 4);
    cluster(CLUSTER).putLong(0, 2 * CLUSTER);
    for (int i = 0; i < 4; i++) {
      cluster(2 * CLUSTER).putShort(i * Short.BYTES, (short) 1);
    }
    length = 3 * CLUSTER + 32;
  }

  private ByteBuffer read(long at, int wanted) {
    ByteBuffer cluster = image.getOrDefault(at - at % CLUSTER, BLANK);
    ByteBuffer copy = ByteBuffer.allocate(wanted);
    return copy.put(cluster.slice((int) (at % CLUSTER), wanted)).flip();
  }

  /** A value of zero is a cluster without data. */
  private boolean update(Map<Long, Long> values) {
    List<Cluster> changes = new ArrayList<>();
    values.forEach(
        (at, value) ->
            changes.add(
                new Cluster(at, value == 0 ? OptionalLong.empty() : OptionalLong.of(value))));
    var update = DiskUpdate.qcow2(this::read, length, SIZE, changes);
    update.ifPresent(this::apply);
    update.ifPresent(_ -> disk.putAll(values));
    return update.isPresent();
  }

  private void apply(DiskUpdate update) {
    assertThat(update.length()).isGreaterThanOrEqualTo(length);
    length = update.length();
    // The tables are built from the image before the update.
    Map<Long, ByteBuffer> tables = new HashMap<>();
    update
        .parts()
        .forEach(
            (at, part) -> {
              switch (part) {
                case Part.Data(long value) ->
                    image.put(at, ByteBuffer.allocate(CLUSTER).putLong(0, value));
                case Part.Bytes(Supplier<ByteBuffer> bytes) ->
                    tables.put(
                        at, ByteBuffer.allocate(CLUSTER).put(bytes.get().duplicate()).clear());
                case Part.Hole() -> image.remove(at);
              }
            });
    image.putAll(tables);
  }

  /**
   * The disk has the written data, and the refcounts are right: no cluster is lost or used twice.
   */
  private void assertWhole() {
    Map<Long, Integer> used = new TreeMap<>();
    List.of(0L, (long) CLUSTER, 3L * CLUSTER).forEach(at -> used.merge(at, 1, Integer::sum));
    Map<Long, Long> found = new TreeMap<>();
    for (int i = 0; i < 4; i++) {
      long l2 = read(3 * CLUSTER + i * 8, 8).getLong() & ~SOLE;
      if (l2 != 0) {
        used.merge(l2, 1, Integer::sum);
        ByteBuffer entries = read(l2, CLUSTER);
        for (int k = 0; k < ENTRIES; k++) {
          long entry = entries.getLong();
          if (entry != 0) {
            long data = entry & ~SOLE & ~1;
            used.merge(data, 1, Integer::sum);
            found.put(i * TABLE + (long) k * CLUSTER, read(data, 8).getLong());
          }
        }
      }
    }
    Map<Long, Integer> counts = new TreeMap<>();
    ByteBuffer blocks = read(CLUSTER, CLUSTER);
    for (int i = 0; i < ENTRIES; i++) {
      long block = blocks.getLong();
      if (block != 0) {
        used.merge(block, 1, Integer::sum);
        ByteBuffer numbers = read(block, CLUSTER);
        for (int k = 0; k < CLUSTER / 2; k++) {
          int count = numbers.getShort();
          if (count != 0) {
            counts.put(((long) i * CLUSTER / 2 + k) * CLUSTER, count);
          }
        }
      }
    }
    assertThat(counts).isEqualTo(used);
    Map<Long, Long> wanted = new TreeMap<>(disk);
    wanted.values().removeIf(value -> value == 0);
    assertThat(found).isEqualTo(wanted);
    assertThat(used.keySet()).allMatch(at -> at < length);
  }

  private Map<Long, Long> some() {
    Map<Long, Long> values = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      long at = random.nextLong(SIZE / CLUSTER + 1) % 200 * (SIZE / CLUSTER / 200) * CLUSTER;
      values.put(at, random.nextInt(3) == 0 ? 0 : random.nextLong(1, 1L << 40));
    }
    return values;
  }

  @Test
  void what_is_written_and_given_up_many_times_is_there_once() {
    empty();
    for (int i = 0; i < 12; i++) {
      assertThat(update(some())).isTrue();
      assertWhole();
    }
  }

  @Test
  void the_last_cluster_counts_and_nothing_written_changes_nothing() {
    empty();
    assertThat(update(Map.of(SIZE - CLUSTER, 5L, 0L, 6L))).isTrue();
    assertWhole();
    long before = length;
    assertThat(update(Map.of())).isTrue();
    assertThat(length).isEqualTo(before);
    assertThat(update(Map.of(SIZE - CLUSTER, 0L, 2 * TABLE, 0L))).isTrue();
    assertWhole();
  }

  @Test
  void another_block_of_counts_begins_where_the_first_is_full() {
    empty();
    // The first block has the refcounts of 2 GiB.
    length = (2L << 30) - 3 * CLUSTER;
    assertThat(update(some())).isTrue();
    assertWhole();
    assertThat(read(CLUSTER + 8, 8).getLong()).isNotZero();
  }

  /** The tables of the image may be larger than memory: each is made when it is read. */
  @Test
  void few_tables_of_a_huge_disk_are_in_memory() {
    int count = 4096; // for 2 TiB
    long firstL2 = 8L * CLUSTER;
    List<WeakReference<ByteBuffer>> given = new ArrayList<>();
    ImageBytes huge =
        (at, wanted) -> {
          ByteBuffer bytes = ByteBuffer.allocate(wanted);
          if (at == 0) {
            bytes.putInt(0, 0x5146_49FB).putInt(4, 3).putInt(20, 16).putLong(24, count * TABLE);
            bytes.putInt(36, count).putLong(40, 4L * CLUSTER).putLong(48, CLUSTER).putInt(56, 1);
            bytes.putInt(96, 4);
          } else if (at == CLUSTER) {
            bytes.putLong(0, 2 * CLUSTER);
          } else if (at == 4L * CLUSTER) {
            for (int i = 0; i < count; i++) {
              bytes.putLong(i * 8, SOLE | firstL2 + (long) i * CLUSTER);
            }
          }
          given.add(new WeakReference<>(bytes));
          return bytes;
        };
    List<Cluster> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      changes.add(new Cluster(i * TABLE + 5 * CLUSTER, OptionalLong.of(CLUSTER)));
    }

    DiskUpdate update =
        DiskUpdate.qcow2(huge, firstL2 + (long) count * CLUSTER, count * TABLE, changes)
            .orElseThrow();

    assertThat(update.parts()).hasSizeGreaterThan(2 * count);
    assertThat(given).hasSizeBetween(count, 2 * count);
    await(() -> given.stream().filter(table -> table.get() != null).count() <= 64);
    for (int i = 0; i < count; i += 1000) {
      assertThat(update.parts().get(firstL2 + (long) i * CLUSTER))
          .isInstanceOfSatisfying(
              Part.Bytes.class,
              table -> assertThat(table.bytes().get().getLong(5 * 8)).isNegative());
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("memory is freed").isLessThan(end);
      System.gc();
    }
  }

  @Test
  void a_cluster_that_is_counted_otherwise_is_refused() {
    empty();
    assertThat(update(Map.of(0L, 5L))).isTrue();
    long l2 = read(3 * CLUSTER, 8).getLong() & ~SOLE;
    long data = read(l2, 8).getLong() & ~SOLE;
    cluster(2 * CLUSTER).putShort((int) (data / CLUSTER) * 2, (short) 2);
    assertThat(update(Map.of(0L, 0L))).isFalse();

    cluster(l2).putLong(0, data);
    assertThat(update(Map.of(0L, 6L))).isFalse();
    cluster(l2).putLong(0, 1L << 62 | data);
    assertThat(update(Map.of(0L, 6L))).isFalse();
  }
}
