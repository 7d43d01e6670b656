package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.lifecycle.Store;
import dev.keg.volume.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many processes work on one root at the same time, and nothing is lost, duplicated or left half
 * done.
 */
@Tag("native")
class AtOnceIT {
  /** Java starts so slowly that more workers would only wait for a processor. */
  private static final int WORKERS = BuiltProgram.isNative() ? 32 : 6;

  private static final int MAINTAINERS = BuiltProgram.isNative() ? 8 : 4;

  /** The number of names that all workers compete for. */
  private static final int CONTESTED = 4;

  /** Volumes that are only ever renamed, among twice as many names. */
  private static final int WANDERERS = 6;

  private static final Duration TIME =
      BuiltProgram.isNative() ? Duration.ofSeconds(30) : Duration.ofSeconds(2);

  /** The error messages that are permitted for the loser of a race. */
  private static final String REFUSED =
      "(?s).*(no such volume|already exists|exists but differs).*";

  @TempDir Path directory;

  private final AtomicIntegerArray balance = new AtomicIntegerArray(CONTESTED);

  private Path root() {
    return directory.resolve("root");
  }

  private Outcome keg(String... arguments) throws Exception {
    var all = new ArrayList<>(List.of("--root", root().toString()));
    all.addAll(List.of(arguments));
    return BuiltProgram.run(all.toArray(String[]::new));
  }

  /** A command beside which no other runs must succeed. */
  private String alone(String... arguments) throws Exception {
    Outcome outcome = BuiltProgram.runOrCall(Map.of("KEG_ROOT", root().toString()), arguments);
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
    return outcome.output();
  }

  /** Whether the command succeeded; otherwise its message must give the reason. */
  private boolean succeeds(String... arguments) throws Exception {
    Outcome outcome = keg(arguments);
    if (outcome.exit() == 0) {
      return true;
    }
    assertThat(outcome.exit()).as(outcome.errors()).isEqualTo(1);
    assertThat(outcome.errors()).matches(REFUSED);
    return false;
  }

  /** Executes random operations until the end time; returns the labels of its own volumes. */
  private Callable<Map<String, String>> worker(int number, long end) {
    return () -> {
      var random = new Random(number);
      var own = new TreeMap<String, String>();
      for (int step = 0; System.nanoTime() < end; step++) {
        switch (random.nextInt(8)) {
          case 0, 1 -> contestedCreate(random.nextInt(CONTESTED), number + "-" + step);
          case 2 -> contestedRemove(random.nextInt(CONTESTED));
          case 3 -> wander(random);
          default -> ownStep(random, own, "own-%d-".formatted(number), step);
        }
      }
      return own;
    };
  }

  /** Creates a volume with a label that nobody else uses, so it succeeds only for its creator. */
  private void contestedCreate(int name, String label) throws Exception {
    if (succeeds("create", "--strict", "--label", "maker=" + label, "contested-" + name)) {
      balance.incrementAndGet(name);
    }
  }

  private void contestedRemove(int name) throws Exception {
    if (succeeds("rm", "contested-" + name)) {
      balance.decrementAndGet(name);
    }
  }

  private void wander(Random random) throws Exception {
    succeeds(
        "rename",
        "place-" + random.nextInt(2 * WANDERERS),
        "place-" + random.nextInt(2 * WANDERERS));
  }

  /** On its own names, every command must succeed. */
  private void ownStep(Random random, Map<String, String> own, String prefix, int step)
      throws Exception {
    if (own.isEmpty() || random.nextInt(3) == 0) {
      String name = prefix + step;
      assertThat(keg("create", "--label", "step=" + step, name).exit()).isZero();
      own.put(name, String.valueOf(step));
      return;
    }
    String name = own.keySet().iterator().next();
    Outcome outcome =
        switch (random.nextInt(3)) {
          case 0 -> {
            own.put(prefix + step, own.remove(name));
            yield keg("rename", name, prefix + step);
          }
          case 1 -> {
            own.put(name, String.valueOf(step));
            yield keg("update", "--label-add", "step=" + step, name);
          }
          default -> {
            own.remove(name);
            yield keg("rm", name);
          }
        };
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
  }

  @Test
  void one_of_many_does_what_is_due() throws Exception {
    Path repository = Files.createDirectory(directory.resolve("repository"));
    alone("create", "--label", "keg.backup.every=1d", "db");
    Files.writeString(
        root().resolve("policy.json"),
        "{\"schema\":1,\"rules\":[{\"backup.to\":\"%s\"}]}".formatted(repository));

    try (var executor = Executors.newFixedThreadPool(MAINTAINERS)) {
      Callable<Outcome> maintain = () -> keg("maintain");
      for (Future<Outcome> end : executor.invokeAll(Collections.nCopies(MAINTAINERS, maintain))) {
        assertThat(end.get().exit()).as(end.get().errors()).isZero();
      }
    }

    String backups = alone("backups", "--quiet", "--repo", repository.toString());
    assertThat(backups.lines()).hasSize(1);
  }

  @Test
  void nothing_is_lost_and_nothing_is_doubled() throws Exception {
    assertThat(keg("--version").exit()).isZero();
    for (int i = 0; i < WANDERERS; i++) {
      alone("create", "--label", "wanderer=" + i, "place-" + i);
      Files.writeString(root().resolve("volumes/place-" + i + "/_data/who"), "wanderer " + i);
    }

    var expected = new TreeMap<String, String>();
    long end = System.nanoTime() + TIME.toNanos();
    try (var workers = Executors.newFixedThreadPool(WORKERS)) {
      List<Future<Map<String, String>>> done =
          workers.invokeAll(
              IntStream.range(0, WORKERS).mapToObj(number -> worker(number, end)).toList());
      for (Future<Map<String, String>> worker : done) {
        expected.putAll(worker.get());
      }
    }

    assertOwn(expected);
    assertContested();
    assertWanderers();
    alone("create", "next");
    assertThat(Store.open(root()).leftovers()).isEmpty();
  }

  private List<Volume> volumes(String prefix) {
    var listing = Store.open(root()).list();
    assertThat(listing.problems()).isEmpty();
    return listing.volumes().stream()
        .filter(volume -> volume.name().text().startsWith(prefix))
        .toList();
  }

  private void assertOwn(Map<String, String> expected) {
    var found = new TreeMap<String, String>();
    for (Volume volume : volumes("own-")) {
      found.put(volume.name().text(), volume.labels().map().getOrDefault("step", ""));
    }
    assertThat(found).isEqualTo(expected);
  }

  private void assertContested() {
    List<String> found = volumes("contested-").stream().map(v -> v.name().text()).toList();
    for (int name = 0; name < CONTESTED; name++) {
      assertThat(balance.get(name))
          .as("creations less removals of contested-%d", name)
          .isEqualTo(found.contains("contested-" + name) ? 1 : 0);
    }
  }

  private void assertWanderers() throws Exception {
    var found = new ArrayList<String>();
    for (Volume volume : volumes("place-")) {
      String label = "wanderer " + volume.labels().map().get("wanderer");
      Path data = root().resolve("volumes").resolve(volume.name().text()).resolve("_data/who");
      assertThat(data).hasContent(label);
      found.add(label);
    }
    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, WANDERERS).mapToObj(i -> "wanderer " + i).toList());
  }
}
