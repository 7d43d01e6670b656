package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.crash.KillPoints;
import dev.keg.fixtures.crash.KillPoints.Fault;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Commands on a volume with its own file system are killed at the system calls that touch it,
 * including those of the programs that they start. Afterwards the files are the old ones or the new
 * ones, or cannot be used; the same command succeeds, and nothing stays mounted or attached.
 */
@NeedsRoot
@NeedsNative
@NeedsTool(value = "strace", from = "strace")
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
class DisksSurviveIT {
  @RegisterExtension static final MachineState MACHINE = new MachineState();

  private static final Pattern WRITE = Pattern.compile(" p?write(?:64)? #(\\d+)");

  /** A btrfs image is large, and is copied for each point. */
  private static final int POINTS_OF_BTRFS = 8;

  private static final String OLD = "old";
  private static final String NEW = "new";

  /** Its root cannot be exchanged in one step, so a half-restored volume is refused. */
  private static final String REFUSED = "an interrupted restore left neither";

  @TestFactory
  Stream<DynamicTest> grow() throws Exception {
    return broken("grow", new Survival(Set.of(OLD), "resize db 12m"));
  }

  @TestFactory
  Stream<DynamicTest> shrink() throws Exception {
    return broken("shrink", new Survival(Set.of(OLD), "resize db 6m"));
  }

  /** Unlike the others, it shrinks in place while it is mounted. */
  @TestFactory
  @NeedsKernel({"loop", "btrfs"})
  @NeedsTool(value = "mkfs.btrfs", from = "btrfs-progs")
  Stream<DynamicTest> shrink_btrfs() throws Exception {
    List<DynamicTest> points =
        broken(
                "shrink-btrfs",
                new Survival(
                    "create -d loop -o size=400m -o fs=btrfs db", Set.of(OLD), "resize db 300m"))
            .toList();
    int step = points.size() / POINTS_OF_BTRFS + 1;
    return IntStream.range(0, points.size())
        .filter(number -> number % step == 0)
        .mapToObj(points::get);
  }

  @TestFactory
  Stream<DynamicTest> compact() throws Exception {
    return broken("compact", new Survival(Set.of(OLD), "compact db"));
  }

  @TestFactory
  Stream<DynamicTest> restore() throws Exception {
    return broken(
        "restore",
        new Survival(Set.of(OLD, NEW, REFUSED), "restore --replace --yes --from DIR/repo db"));
  }

  @TestFactory
  Stream<DynamicTest> snapshot() throws Exception {
    return broken("snapshot", new Survival(Set.of(OLD), "snapshot create db"));
  }

  @TestFactory
  Stream<DynamicTest> restore_of_a_snapshot() throws Exception {
    return broken(
        "restore-snapshot",
        new Survival(Set.of(OLD, NEW, REFUSED), "snapshot restore --yes db new"));
  }

  private static Stream<DynamicTest> broken(String name, Survival trial) throws Exception {
    Path scratch = Files.createDirectory(MACHINE.directory().resolve(name));
    return KillPoints.each(scratch, EnumSet.of(Fault.KILL), trial)
        .filter(test -> isChosen(test.getDisplayName()));
  }

  /**
   * Programs write a hundred times to a copy of the image; one in eight of these writes is chosen.
   * The files that they open cannot be hit, since the command itself opens as many files before.
   */
  private static boolean isChosen(String point) {
    Matcher write = WRITE.matcher(point);
    return write.find() ? Integer.parseInt(write.group(1)) % 8 == 0 : !point.contains(" openat ");
  }

  /** A volume on a loop device with old content, and a backup with new content. */
  private record Survival(String create, Set<String> possible, String line)
      implements CommandTrial {
    Survival(Set<String> possible, String line) {
      this("create -d loop -o size=8m db", possible, line);
    }

    @Override
    public void prepare(Path directory) throws Exception {
      Files.createDirectory(directory.resolve("repo"));
      keg(directory, create);
      put(directory, NEW);
      keg(directory, "backup -q --to DIR/repo db");
      keg(directory, "snapshot create db new");
      put(directory, OLD);
    }

    private void put(Path directory, String content) throws Exception {
      keg(
          directory,
          "cp -q %s db:/a".formatted(Files.writeString(directory.resolve("a"), content)));
    }

    private String content(Path directory) throws Exception {
      Outcome outcome = run(directory, "cp -q db:/a DIR/found");
      if (outcome.errors().contains(REFUSED)) {
        return REFUSED;
      }
      assertThat(outcome.exit()).as(outcome.errors()).isZero();
      return Files.readString(directory.resolve("found"));
    }

    @Override
    public void verify(Path directory, Optional<Fault> fault, Outcome outcome) throws Exception {
      if (fault.isEmpty()) {
        assertThat(outcome.exit()).as(outcome.errors()).isZero();
      }
      assertThat(content(directory)).isIn(possible);
      keg(directory, line);
      assertThat(content(directory)).isEqualTo(possible.contains(NEW) ? NEW : OLD);
      keg(directory, "check db");
      assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
          .doesNotContain(directory.toString());
      requireNoLoops(directory);
    }

    /** A device that another program looks at is detached a moment later. */
    private static void requireNoLoops(Path directory) throws Exception {
      long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (!loops(directory).isEmpty() && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      assertThat(loops(directory)).isEmpty();
    }

    @Override
    public void clear(Path directory) throws Exception {
      keg(directory, "unmount -l db");
    }

    private static List<String> loops(Path directory) throws Exception {
      Process losetup = new ProcessBuilder("losetup", "-n", "-O", "BACK-FILE").start();
      return losetup
          .inputReader()
          .lines()
          .filter(line -> line.startsWith(directory.toString()))
          .toList();
    }
  }
}
