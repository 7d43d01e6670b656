package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.crash.KillPoints;
import dev.keg.fixtures.crash.KillPoints.Fault;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.lifecycle.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands that read and copy volumes are killed, or fail, at the system calls on their files.
 * Afterwards each volume is the old one or the new one, every listed backup is good, and the same
 * command succeeds and leaves nothing behind from the first try.
 */
@NeedsNative
@NeedsTool(value = "strace", from = "strace")
class CommandsSurviveIT {
  private static final Set<Fault> FAULTS = EnumSet.of(Fault.KILL, Fault.NO_SPACE, Fault.NO_QUOTA);

  /** Excludes the volumes of drills. */
  private static final String VOLUME = "root/volumes/(?!drill\\.)[^/]+";

  /** Ids and times. */
  private static final String CHANCE = "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z|\"[0-9a-f-]{32,64}\"";

  @TempDir Path scratch;

  @TestFactory
  Stream<DynamicTest> copy_of_a_directory() throws Exception {
    return broken(new Survival(List.of("create db"), "cp -q DIR/in db:/"));
  }

  @TestFactory
  Stream<DynamicTest> copy_over_a_file() throws Exception {
    return broken(
        new Survival(List.of("create db", "cp -q DIR/in/b/c db:/a"), "cp -q DIR/in/a db:/a"));
  }

  @TestFactory
  Stream<DynamicTest> copy_between_volumes() throws Exception {
    return broken(
        new Survival(
            List.of("create db", "cp -q DIR/in db:/", "create copy"), "cp -q db:in copy:/"));
  }

  @TestFactory
  Stream<DynamicTest> clone_of_a_volume() throws Exception {
    return broken(
        new Survival(List.of("create db", "cp -q DIR/in db:/"), "clone db copy", "rm -f copy"));
  }

  @TestFactory
  Stream<DynamicTest> export() throws Exception {
    return broken(
        new Survival(List.of("create db", "cp -q DIR/in db:/"), "export -o DIR/out/db.tar db"));
  }

  @TestFactory
  Stream<DynamicTest> import_that_replaces() throws Exception {
    return broken(
        new Survival(
            List.of(
                "create db", "cp -q DIR/in db:/", "export -o DIR/db.tar db", "cp -q DIR/in db:/in"),
            "import --replace db DIR/db.tar"));
  }

  @TestFactory
  Stream<DynamicTest> the_first_backup() throws Exception {
    return broken(
        new Survival(List.of("create db", "cp -q DIR/in db:/"), "backup -q --to DIR/repo db"));
  }

  @TestFactory
  Stream<DynamicTest> backup_to_two_repositories() throws Exception {
    return broken(
        new Survival(
            List.of("create db", "cp -q DIR/in db:/", "backup -q --to DIR/repo db"),
            "backup -q --to DIR/repo --to DIR/other db"));
  }

  @TestFactory
  Stream<DynamicTest> restore_of_a_volume_that_is_gone() throws Exception {
    return broken(
        new Survival(
            List.of("create db", "cp -q DIR/in db:/", "backup -q --to DIR/repo db", "rm db"),
            "restore --from DIR/repo db",
            "rm -f db"));
  }

  @TestFactory
  Stream<DynamicTest> restore_of_a_snapshot() throws Exception {
    return killed(
        new Survival(
            List.of(
                "create db",
                "cp -q DIR/in db:/",
                "snapshot create db one",
                "cp -q DIR/in/a db:/more"),
            "snapshot restore --yes db one"));
  }

  @TestFactory
  Stream<DynamicTest> snapshot_of_a_disk() throws Exception {
    return killed(
        new Survival(
            List.of("create -d image -o size=4m -o format=raw disk"), "snapshot create disk") {
          @Override
          public void verify(Path directory, Optional<Fault> fault, Outcome outcome)
              throws Exception {
            super.verify(directory, fault, outcome);
            for (String snapshot :
                run(directory, "snapshot ls -q disk").output().lines().toList()) {
              keg(directory, "backup -q -o DIR/" + snapshot + ".keg " + snapshot);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> verify() throws Exception {
    return broken(
        new Survival(
            List.of("create db", "cp -q DIR/in db:/", "backup -q --to DIR/repo db"),
            "verify --repo DIR/repo --all"));
  }

  /** Several threads open the files of a scratch volume, so a point there is hit only by chance. */
  @TestFactory
  Stream<DynamicTest> drill() throws Exception {
    return broken(
            new Survival(
                List.of("create db", "cp -q DIR/in db:/", "backup -q --to DIR/repo db"),
                "drill --from DIR/repo db"))
        .filter(test -> !test.getDisplayName().contains(" at openat "));
  }

  /** The disk may have grown already; the same command then updates the description. */
  @TestFactory
  Stream<DynamicTest> resize_of_a_disk() throws Exception {
    return broken(
        new Survival(List.of("create -d image -o size=4m -o format=raw disk"), "resize disk 8m"));
  }

  @TestFactory
  Stream<DynamicTest> tune() throws Exception {
    return broken(new Survival(List.of("create db"), "tune --atime noatime db"));
  }

  @TestFactory
  Stream<DynamicTest> reset_of_what_was_tuned() throws Exception {
    return broken(new Survival(List.of("create db", "tune --atime noatime db"), "tune --reset db"));
  }

  @TestFactory
  Stream<DynamicTest> maintain() throws Exception {
    return broken(
        new Survival(List.of("create db", "cp -q DIR/in db:/"), "maintain") {
          @Override
          public void begin(Path directory) throws Exception {
            Files.writeString(
                directory.resolve("root/policy.json"),
                "{\"schema\":1,\"rules\":[{\"backup.every\":\"1d\",\"backup.to\":\"%s/repo\"}]}"
                    .formatted(directory));
          }
        });
  }

  /** Each call is killed, and fails alternately with a full disk and a full quota. */
  private Stream<DynamicTest> broken(Survival trial) throws Exception {
    List<DynamicTest> points = KillPoints.each(scratch, FAULTS, trial).toList();
    int faults = FAULTS.size();
    return IntStream.range(0, points.size())
        .filter(number -> number % faults == 0 || number % faults == 1 + number / faults % 2)
        .mapToObj(points::get);
  }

  /** Only kills: the same writes fail in another test. */
  private Stream<DynamicTest> killed(Survival trial) throws Exception {
    return KillPoints.each(scratch, EnumSet.of(Fault.KILL), trial);
  }

  /** One command line, in a directory with two empty repositories and a tree to copy. */
  private static class Survival implements CommandTrial {
    private final List<String> preparation;
    private final String command;
    private final Optional<String> undo;
    private SortedMap<String, String> before = new TreeMap<>();
    private SortedMap<String, String> after = new TreeMap<>();

    Survival(List<String> preparation, String command) {
      this(preparation, command, Optional.empty());
    }

    /**
     * @param undo the command that makes the interrupted command possible again
     */
    Survival(List<String> preparation, String command, String undo) {
      this(preparation, command, Optional.of(undo));
    }

    private Survival(List<String> preparation, String command, Optional<String> undo) {
      this.preparation = preparation;
      this.command = command;
      this.undo = undo;
    }

    @Override
    public void prepare(Path directory) throws Exception {
      for (String made : List.of("in/b", "out", "repo", "other")) {
        Files.createDirectories(directory.resolve(made));
      }
      Files.writeString(directory.resolve("in/a"), "1");
      Files.writeString(directory.resolve("in/b/c"), "x".repeat(100_000));
      for (String line : preparation) {
        keg(directory, line);
      }
      before = state(directory);
    }

    @Override
    public String line() {
      return command;
    }

    @Override
    public void verify(Path directory, Optional<Fault> fault, Outcome outcome) throws Exception {
      SortedMap<String, String> found = state(directory);
      for (Path home : unfilled(directory)) {
        assertThat(run(directory, "mount " + home.getFileName()).exit())
            .as("a volume that a killed restore has not filled is used")
            .isNotZero();
      }
      assertThat(outcome.errors()).doesNotContain("\tat ", "Exception", "this is a bug");
      if (fault.isEmpty()) {
        assertThat(outcome.exit()).as(outcome.errors()).isZero();
        after = found;
      } else if (outcome.exit() == 0) {
        assertThat(found).isEqualTo(after);
      } else {
        assertThat(found).isIn(before, after);
      }
      if (undo.isPresent()) {
        keg(directory, undo.get());
      }
      keg(directory, command);
      assertThat(state(directory)).isEqualTo(after);
      assertThat(names(directory))
          .noneMatch(name -> name.matches(".*(\\.keg-|drill\\.|partial).*"));
      assertThat(Store.open(directory.resolve("root")).leftovers()).isEmpty();
      for (String repository : List.of("repo", "other")) {
        if (Files.exists(directory.resolve(repository).resolve("repository.json"))) {
          keg(directory, "verify --all --deep --scratch DIR --repo DIR/" + repository);
        }
      }
    }

    /** All files of complete volumes, and of exports. */
    private static SortedMap<String, String> state(Path directory) throws IOException {
      SortedMap<String, String> state = new TreeMap<>();
      List<Path> unfilled = unfilled(directory);
      for (String name : names(directory)) {
        Path file = directory.resolve(name);
        if (unfilled.stream().anyMatch(file::startsWith)) {
          continue;
        }
        if (name.matches(VOLUME + "/_data/(?!\\.keg-).*") && Files.isRegularFile(file)) {
          String text = Files.readString(file);
          state.put(name, text.length() > 100 ? text.length() + " letters" : text);
        } else if (name.matches(VOLUME + "/volume\\.json")) {
          state.put(name, Files.readString(file).replaceAll(CHANCE, ""));
        } else if (name.startsWith("out/") && !name.contains("/.")) {
          state.put(name, Files.size(file) + " bytes");
        }
      }
      return state;
    }

    /**
     * Volumes that a killed restore created: they are marked, so that they are not taken for empty.
     */
    private static List<Path> unfilled(Path directory) throws IOException {
      List<Path> homes = new ArrayList<>();
      for (String name : names(directory)) {
        Path file = directory.resolve(name);
        if (name.matches(VOLUME + "/restore\\.json")
            && Files.readString(file).contains("FILLING")) {
          homes.add(file.getParent());
        }
      }
      return homes;
    }

    private static List<String> names(Path directory) throws IOException {
      try (Stream<Path> files = Files.walk(directory)) {
        return files.map(file -> directory.relativize(file).toString()).toList();
      }
    }
  }
}
