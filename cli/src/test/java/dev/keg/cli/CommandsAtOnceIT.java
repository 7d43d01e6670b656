package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.lifecycle.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Sixteen processes run twelve commands on three volumes at the same time. Each has its own file in
 * each volume, which must contain what it wrote last; nothing else appears, and nothing is left
 * behind.
 */
@NeedsRoot
@NeedsNative
class CommandsAtOnceIT {
  private static final int WORKERS = 16;
  private static final List<String> VOLUMES = List.of("plain", "other", "bound");

  private static final Duration TIME = Duration.ofSeconds(60);

  @RegisterExtension static final MachineState MACHINE = new MachineState();

  private static Path directory(String name) {
    return MACHINE.directory().resolve(name);
  }

  private static Outcome keg(String... arguments) throws Exception {
    var all = new ArrayList<>(List.of("--root", directory("root").toString()));
    all.addAll(List.of(arguments));
    return BuiltProgram.run(all.toArray(String[]::new));
  }

  private static Outcome succeed(String... arguments) throws Exception {
    Outcome outcome = keg(arguments);
    assertThat(outcome.exit()).as("%s: %s", List.of(arguments), outcome).isZero();
    return outcome;
  }

  /** A command that may be refused, if it reports that another one is running. */
  private static boolean isDone(String why, String... arguments) throws Exception {
    Outcome outcome = keg(arguments);
    if (outcome.exit() == 0) {
      return true;
    }
    assertThat(outcome.errors()).as("%s", List.of(arguments)).matches("(?s).*(" + why + ").*");
    return false;
  }

  /** One process, with the expected content of its files. */
  private static final class Worker {
    private final Random random;
    private final String name;
    private final Path own;
    private final Map<String, String> written = new TreeMap<>();

    Worker(int number) throws Exception {
      random = new Random(number);
      name = "worker-" + number;
      own = Files.createDirectory(directory(name));
    }

    Map<String, String> work(long end) throws Exception {
      for (int step = 0; System.nanoTime() < end; step++) {
        act(random.nextInt(12), VOLUMES.get(random.nextInt(VOLUMES.size())), "step " + step);
      }
      return written;
    }

    private void act(int command, String volume, String step) throws Exception {
      switch (command) {
        case 0 -> copyIn(volume, step);
        case 1 -> copyOut(volume);
        case 2 -> mount(volume);
        case 3 -> cloneAndRemove(volume);
        case 4 -> succeed("backup", "-q", "--to", directory("repo").toString(), volume);
        case 5 -> succeed("update", "--label-add", name + "=" + step, volume);
        case 6 -> assertThat(succeed("df", "--format", "{{.Name}}").output()).contains(volume);
        case 7 -> succeed("policy", volume);
        case 8 -> assertThat(succeed("ls", "-q").output()).contains("bound\n", "other\n");
        case 9 -> assertThat(succeed("inspect", volume).output()).contains(volume);
        case 10 -> isDone("already running", "prune", "--force");
        default -> check();
      }
    }

    /** A check during another command may see a part of it; a real problem remains. */
    private static void check() throws Exception {
      Outcome outcome = keg("check");
      for (int look = 1; look < 5 && outcome.exit() != 0; look++) {
        outcome = keg("check");
      }
      assertThat(outcome.exit()).as("%s", outcome).isZero();
      assertThat(outcome.output().lines()).hasSize(1);
    }

    private void copyIn(String volume, String step) throws Exception {
      Path file = Files.writeString(own.resolve("in"), step);
      succeed("cp", "-q", file.toString(), volume + ":/" + name);
      written.put(volume + "/" + name, step);
    }

    private void copyOut(String volume) throws Exception {
      String known = written.get(volume + "/" + name);
      if (known != null) {
        succeed("cp", "-q", volume + ":/" + name, own.resolve("out").toString());
        assertThat(own.resolve("out")).hasContent(known);
      }
    }

    private void mount(String volume) throws Exception {
      Path target = own.resolve("mounted");
      succeed("mount", "--mkdir", volume, target.toString());
      String known = written.get(volume + "/" + name);
      if (known != null) {
        assertThat(target.resolve(name)).hasContent(known);
      }
      succeed("unmount", target.toString());
    }

    private void cloneAndRemove(String volume) throws Exception {
      String copy = volume + "-of-" + name;
      if (!volume.equals("bound") && isDone("in use", "clone", volume, copy)) {
        succeed("rm", copy);
      }
    }
  }

  @Test
  void nothing_is_lost_doubled_or_left() throws Exception {
    succeed("create", "plain");
    succeed("create", "other");
    Path source = Files.createDirectory(directory("source"));
    succeed("create", "-d", "bind", "-o", "source=" + source, "bound");
    Files.createDirectory(directory("repo"));
    long end = System.nanoTime() + TIME.toNanos();
    Map<String, String> written = new TreeMap<>();
    try (var workers = Executors.newFixedThreadPool(WORKERS)) {
      List<Callable<Map<String, String>>> work = new ArrayList<>();
      for (int number : IntStream.range(0, WORKERS).toArray()) {
        Worker worker = new Worker(number);
        work.add(() -> worker.work(end));
      }
      for (Future<Map<String, String>> done : workers.invokeAll(work)) {
        written.putAll(done.get());
      }
    }

    assertThat(written).isNotEmpty();
    assertThat(files(source)).isEqualTo(written);
    assertThat(succeed("ls", "-q").output()).isEqualTo("bound\nother\nplain\n");
    assertThat(keg("mount", "-q").output()).isEmpty();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
        .doesNotContain(MACHINE.directory().toString());
    succeed("verify", "--all", "--repo", directory("repo").toString());
    succeed("create", "next");
    assertThat(Store.open(directory("root")).leftovers()).isEmpty();
  }

  private static Map<String, String> files(Path bound) throws Exception {
    Map<String, String> found = new TreeMap<>();
    Map<String, Path> data = new TreeMap<>(Map.of("bound", bound));
    for (String volume : List.of("plain", "other")) {
      data.put(volume, directory("root/volumes/" + volume + "/_data"));
    }
    for (Map.Entry<String, Path> volume : data.entrySet()) {
      try (Stream<Path> files = Files.list(volume.getValue())) {
        for (Path file : files.toList()) {
          found.put(volume.getKey() + "/" + file.getFileName(), Files.readString(file));
        }
      }
    }
    return found;
  }
}
