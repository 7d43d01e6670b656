package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.crash.KillPoints;
import dev.keg.fixtures.crash.KillPoints.Fault;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backup and restore are killed, or fail, at the system calls on the volume and the repository.
 * Afterwards the volume has the old content or the new, every listed backup is good, and the next
 * backup and restore work.
 */
@NeedsNative
@NeedsTool(value = "strace", from = "strace")
class BackupsSurviveIT {
  private static final Set<Fault> FAULTS = EnumSet.of(Fault.KILL, Fault.NO_SPACE);

  private static final String NEW = "a=new,b/large=100000,";
  private static final String OLD = "a=old,c=3,";

  @TempDir Path scratch;

  @TestFactory
  Stream<DynamicTest> backup() throws Exception {
    return broken(new Survival("backup --quiet --to=DIR/repo db"));
  }

  @TestFactory
  Stream<DynamicTest> restore() throws Exception {
    return broken(new Survival("restore --replace --yes --from=DIR/repo db"));
  }

  @TestFactory
  Stream<DynamicTest> restore_of_one_file() throws Exception {
    return broken(new Survival("restore --merge --path a --yes --from=DIR/repo db"));
  }

  @TestFactory
  Stream<DynamicTest> restore_undone() throws Exception {
    return broken(new Survival("restore --undo db"));
  }

  @TestFactory
  Stream<DynamicTest> forget() throws Exception {
    return broken(new Survival("forget --keep-last 1 --repo=DIR/repo"));
  }

  private Stream<DynamicTest> broken(Survival trial) throws Exception {
    return KillPoints.each(scratch, FAULTS, trial);
  }

  /** A volume whose content differs from its two backups, with a restore that can be undone. */
  private record Survival(String line) implements CommandTrial {
    @Override
    public void prepare(Path directory) throws Exception {
      Files.createDirectory(directory.resolve("repo"));
      keg(directory, "create db");
      Path data = data(directory);
      Files.createDirectory(data.resolve("b"));
      Files.writeString(data.resolve("a"), "new");
      Files.writeString(data.resolve("b/large"), "x".repeat(100_000));
      keg(directory, "backup --to=DIR/repo db");
      keg(directory, "backup --to=DIR/repo db");
      keg(directory, "restore --replace --yes --from=DIR/repo db");
      Files.writeString(data.resolve("a"), "old");
      Files.writeString(data.resolve("c"), "3");
      Files.delete(data.resolve("b/large"));
      Files.delete(data.resolve("b"));
    }

    private static Path data(Path directory) {
      return directory.resolve("root/volumes/db/_data");
    }

    @Override
    public void verify(Path directory, Optional<Fault> fault, Outcome outcome) throws Exception {
      if (fault.isEmpty()) {
        assertThat(outcome.exit()).as(outcome.errors()).isZero();
      }
      assertThat(content(data(directory))).isIn(OLD, NEW, "a=new,c=3,");
      // Each backup restores to its content in another volume, and a new backup has the current
      // content.
      keg(directory, "verify --all --deep --scratch=DIR --repo=DIR/repo");
      String now = content(data(directory));
      keg(directory, "backup --to=DIR/repo db");
      keg(directory, "restore --replace --yes --verify --from=DIR/repo db");
      assertThat(content(data(directory))).isEqualTo(now);
      try (Stream<Path> home = Files.list(directory.resolve("root/volumes/db"))) {
        assertThat(home.map(path -> path.getFileName().toString()))
            .containsExactlyInAnyOrder(
                "_data", "volume.json", "written", "restore.lock", "restore-old");
      }
    }

    private static String content(Path data) throws IOException {
      StringBuilder content = new StringBuilder();
      try (Stream<Path> files = Files.walk(data)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          String text = Files.readString(file);
          content.append(data.relativize(file)).append('=');
          content.append(text.length() > 100 ? text.length() : text).append(',');
        }
      }
      return content.toString();
    }
  }
}
