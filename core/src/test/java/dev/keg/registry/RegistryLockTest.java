package dev.keg.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.PruneRunning;
import dev.keg.file.DirectoryEntries;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RegistryLockTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final int STRIPE = RegistryLock.stripe(DB);

  @TempDir private Path directory;

  /**
   * Another process: takes the lock of {@code db}, reports it, and holds it until its input ends.
   */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      RegistryLock lock = new RegistryLock(Path.of(args[0]), _ -> {}, () -> {});
      try (var _ = lock.lock(DB)) {
        System.out.println("locked");
        System.in.read();
      }
    }
  }

  private Process holder() throws IOException {
    return OtherProcess.holder(Holder.class, directory);
  }

  @Test
  void another_process_is_kept_out_until_this_one_is_done() throws Exception {
    Process other = holder();
    try {
      RegistryLock lock = new RegistryLock(directory, _ -> {}, () -> {});

      assertThat(lock.tryLock(STRIPE)).isEmpty();
      other.getOutputStream().close();
      other.waitFor();
      assertThat(lock.tryLock(STRIPE)).isPresent();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void a_waiting_command_says_so_and_continues_when_the_holder_is_killed() throws Exception {
    Process other = holder();
    List<String> debug = new ArrayList<>();
    RegistryLock lock =
        new RegistryLock(
            directory,
            line -> {
              debug.add(line);
              other.destroyForcibly();
            },
            () -> {});
    try (var _ = lock.lock(DB)) {
      assertThat(debug)
          .containsExactly(
              "waiting for lock " + directory.resolve("%02x".formatted(STRIPE)),
              "got lock " + directory.resolve("%02x".formatted(STRIPE)));
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void one_process_takes_a_lock_again_and_keeps_it_until_the_last_release() throws Exception {
    RegistryLock lock = new RegistryLock(directory, _ -> {}, () -> {});

    try (var _ = lock.lock(DB)) {
      try (var _ = lock.lockAll()) {
        assertThat(DirectoryEntries.of(directory)).hasSize(RegistryLock.STRIPES);
      }
      assertThat(tryInOtherProcess()).isFalse();
    }
    assertThat(tryInOtherProcess()).isTrue();
  }

  @Test
  void locks_that_were_taken_before_one_failed_are_released() throws Exception {
    RegistryLock lock = new RegistryLock(directory, _ -> {}, () -> {});
    Files.createDirectory(directory.resolve("3f")); // the last stripe of all volumes

    assertThatThrownBy(lock::lockAll).isInstanceOf(FileFailure.class);

    assertThat(tryInOtherProcess()).isTrue();
  }

  @Test
  void containers_have_stripes_of_their_own() {
    assertThat(Stream.of("a", "web", "db", "0123456789ab").map(RegistryLock::containerStripe))
        .allMatch(stripe -> stripe > RegistryLock.STRIPES && stripe < RegistryLock.FILES)
        .doesNotHaveDuplicates();
  }

  @Test
  void a_lock_that_was_only_tried_is_released_too() throws Exception {
    RegistryLock lock = new RegistryLock(directory, _ -> {}, () -> {});

    lock.tryLock(STRIPE).orElseThrow().close();

    assertThat(tryInOtherProcess()).isTrue();
  }

  /** Tries to take the lock of {@code db} once; its exit status is the result. */
  static final class Tries {
    private Tries() {}

    public static void main(String[] args) {
      RegistryLock lock = new RegistryLock(Path.of(args[0]), _ -> {}, () -> {});
      System.exit(lock.tryLock(STRIPE).isPresent() ? 0 : 1);
    }
  }

  private boolean tryInOtherProcess() throws IOException, InterruptedException {
    return OtherProcess.start(Tries.class, directory).waitFor() == 0;
  }

  private RegistryLock lock(Runnable check) {
    return new RegistryLock(directory, _ -> {}, check);
  }

  private List<String> files() throws IOException {
    return DirectoryEntries.names(directory).stream().sorted().toList();
  }

  @ParameterizedTest
  @CsvSource({
    "volume, 3e",
    "tried volume, 3e",
    "volume and id, 02 3e",
    "several volumes, 17 3e",
    "container, 45",
    "tried container, 45",
    "prune, 40",
    "maintenance, 51",
  })
  void each_lock_has_its_file(String kind, String expected) throws IOException {
    RegistryLock lock = lock(() -> {});
    VolumeId id = VolumeId.parse("0b4e1c9a-0000-4000-8000-000000000001");
    Map<String, Supplier<RegistryLock.Held>> kinds =
        Map.of(
            "volume", () -> lock.lock(DB),
            "tried volume", () -> lock.tryLock(DB).orElseThrow(),
            "volume and id", () -> lock.lock(DB, id),
            "several volumes", () -> lock.lock(new VolumeName("www"), DB, new VolumeName("www")),
            "container", () -> lock.lockContainer("web"),
            "tried container", () -> lock.tryLockContainer("web").orElseThrow(),
            "prune", lock::lockForPrune,
            "maintenance", () -> lock.tryMaintenance().orElseThrow());

    RegistryLock.Held held = Objects.requireNonNull(kinds.get(kind)).get();

    assertThat(files()).containsExactly(expected.split(" "));
    for (String file : files()) {
      assertThat(isFree(file)).as(file).isFalse();
    }
    held.close();
    for (String file : files()) {
      assertThat(isFree(file)).as(file).isTrue();
    }
    assertThatThrownBy(held::close).isInstanceOf(IllegalStateException.class);
  }

  /** Another channel of the same process meets the lock, too. */
  private boolean isFree(String file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(directory.resolve(file), StandardOpenOption.WRITE)) {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  @Test
  void the_root_is_looked_at_again_after_a_lock_was_taken_but_not_if_this_command_had_it() {
    AtomicInteger checks = new AtomicInteger();
    RegistryLock lock = lock(checks::incrementAndGet);

    try (var _ = lock.lock(DB)) {
      assertThat(checks).hasValue(1);
      lock.lock(DB).close();
      lock.tryLock(DB).orElseThrow().close();
      assertThat(checks).hasValue(1);
    }
    lock.tryLock(DB).orElseThrow().close();
    assertThat(checks).hasValue(2);
  }

  @Test
  void the_locks_of_a_command_that_does_not_continue_are_released() throws IOException {
    RegistryLock lock =
        lock(
            () -> {
              throw new PruneRunning();
            });

    assertThatThrownBy(() -> lock.lock(DB)).isInstanceOf(PruneRunning.class);
    assertThatThrownBy(() -> lock.tryLock(DB)).isInstanceOf(PruneRunning.class);
    assertThat(isFree("%02x".formatted(STRIPE))).isTrue();
  }

  @Test
  void a_lock_is_held_until_it_was_released_as_often_as_taken() throws IOException {
    RegistryLock lock = lock(() -> {});
    String file = "%02x".formatted(STRIPE);
    RegistryLock.Held first = lock.lock(DB);
    RegistryLock.Held second = lock.lock(DB);
    RegistryLock.Held third = lock.lock(DB);

    second.close();
    assertThat(isFree(file)).isFalse();
    third.close();
    assertThat(isFree(file)).isFalse();
    first.close();
    assertThat(isFree(file)).isTrue();
  }
}
