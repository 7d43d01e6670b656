package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.VolumeException;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.registry.record.MemoryRecords;
import dev.keg.registry.record.MemoryRecords.Fate;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random commands on several hosts. Their requests are lost before or after the store has acted, or
 * arrive late, and hosts are killed at some of them.
 */
class ManyHostsTest {
  private static final int HOSTS = 4;
  private static final int STEPS = 250;
  private static final List<Fate> FATES =
      List.of(Fate.SERVE, Fate.LOST, Fate.ANSWER_LOST, Fate.LATE_CHANGE);

  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private final History history = new History();
  private boolean interrupting;

  /** The power of a host fails. */
  private static final class Killed extends Error {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void two_hosts_never_write_at_once_and_nothing_is_lost(long seed) throws IOException {
    write(seed);
  }

  @NeedsTime
  @ParameterizedTest
  @ValueSource(longs = {3, 4, 5, 6, 7, 8})
  void nor_in_more_histories(long seed) throws IOException {
    write(seed);
  }

  private void write(long seed) throws IOException {
    MemoryRecords store = new MemoryRecords(seed % 2 == 0);
    SplittableRandom random = new SplittableRandom(seed);
    new Host("init", files.getPath("/init"), store.connect()).shared.init();
    for (int step = 0; step < STEPS; step++) {
      step(random.nextInt(HOSTS), store, random);
      if (random.nextInt(6) == 0) {
        store.deliver();
      }
    }
    store.deliver();
    assertThat(history.made()).isGreaterThan(STEPS / 50);
    assertThat(history.attached()).isGreaterThan(STEPS / 50);
    history.requireAgreement(
        store.connect(),
        IntStream.range(0, HOSTS)
            .mapToObj(i -> new Host("h" + i, files.getPath("/h" + i), store.connect()))
            .toList());
  }

  private void step(int number, MemoryRecords store, SplittableRandom random) {
    try {
      history.run(host(number, store, random), random);
    } catch (VolumeException | Killed _) {
      // The operator sees an error, or nothing any more.
    }
  }

  /** A process whose requests may fail; another host may act before any of them. */
  private Host host(int number, MemoryRecords store, SplittableRandom random) {
    int trouble = random.nextInt(4);
    int end = random.nextInt(8);
    int[] requests = {0};
    return new Host(
        "h" + number,
        files.getPath("/h" + number),
        store.connect(
            () -> {
              if (!interrupting && random.nextInt(3) == 0) {
                interrupting = true;
                step((number + 1 + random.nextInt(HOSTS - 1)) % HOSTS, store, random);
                interrupting = false;
              }
              if (trouble == 0 && requests[0]++ == end) {
                throw new Killed();
              }
              return trouble == 1 ? FATES.get(random.nextInt(FATES.size())) : Fate.SERVE;
            }));
  }
}
