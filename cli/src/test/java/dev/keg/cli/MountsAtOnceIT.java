package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many processes mount and unmount the same volumes at the same time; in the end nothing is
 * mounted.
 */
@NeedsRoot
@NeedsNative
class MountsAtOnceIT {
  private static final int WORKERS = 16;
  private static final List<String> VOLUMES = List.of("plain", "memory", "other");
  private static final Duration TIME = Duration.ofSeconds(30);

  @RegisterExtension static final MachineState MACHINE = new MachineState();

  private static Outcome keg(String... arguments) throws Exception {
    var all = new ArrayList<>(List.of("--root", MACHINE.directory().resolve("root").toString()));
    all.addAll(List.of(arguments));
    return BuiltProgram.run(all.toArray(String[]::new));
  }

  private static void succeed(String... arguments) throws Exception {
    Outcome outcome = keg(arguments);
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
  }

  /** As a container with two volumes, or by hand with one; it must succeed each time. */
  private static Callable<Integer> worker(int number, long end) {
    return () -> {
      var random = new Random(number);
      String container = "worker-" + number;
      Path rootfs = Files.createDirectory(MACHINE.directory().resolve(container));
      int rounds = 0;
      while (System.nanoTime() < end) {
        String first = VOLUMES.get(random.nextInt(VOLUMES.size()));
        String second = VOLUMES.get(random.nextInt(VOLUMES.size()));
        String root = rootfs.toString();
        if (random.nextBoolean()) {
          succeed(
              "mount",
              "--container",
              container,
              "--rootfs",
              root,
              "-v",
              first + ":/a",
              "-v",
              second + ":/a/b:nocopy");
          Files.writeString(rootfs.resolve("a/" + container), "here");
          succeed("unmount", "--container", container);
        } else {
          String target = rootfs.resolve("hand").toString();
          succeed("mount", "--mkdir", first, target);
          Files.writeString(rootfs.resolve("hand/" + container), "here");
          succeed("unmount", target);
        }
        rounds++;
      }
      return rounds;
    };
  }

  @Test
  void nothing_is_left_mounted_or_held() throws Exception {
    succeed("create", "plain");
    succeed("create", "other");
    succeed("create", "-d", "tmpfs", "-o", "size=1m", "memory");
    int rounds = 0;
    long end = System.nanoTime() + TIME.toNanos();
    try (var workers = Executors.newFixedThreadPool(WORKERS)) {
      for (Future<Integer> worker :
          workers.invokeAll(
              IntStream.range(0, WORKERS).mapToObj(number -> worker(number, end)).toList())) {
        rounds += worker.get();
      }
    }

    assertThat(rounds).isGreaterThanOrEqualTo(WORKERS);
    assertThat(keg("mount", "-q").output()).isEmpty();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
        .doesNotContain(MACHINE.directory().toString());
    assertThat(keg("inspect", "--format", "{{json .}}", "plain", "memory", "other").exit())
        .isZero();
    succeed("rm", "plain", "memory", "other");
  }
}
