package dev.keg.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.DirectoryEntries;
import dev.keg.volume.VolumeName;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    assertThat(out.readLine()).isEqualTo("locked");
    return process;
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
  void a_waiting_command_says_so_and_goes_on_when_the_holder_is_killed() throws Exception {
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
    return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Tries.class.getName(),
                directory.toString())
            .inheritIO()
            .start()
            .waitFor()
        == 0;
  }
}
