package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.crash.KillPoints;
import dev.keg.fixtures.crash.KillPoints.Fault;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.lifecycle.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A volume whose move to another pool is killed is complete, and in one of the two pools; the same
 * command then moves it. This test tries some of the system calls; {@code RelocatingTest} tries
 * each change to the disk.
 */
@NeedsNative
@NeedsTool(value = "strace", from = "strace")
class PoolMovesSurviveIT {
  private static final int POINTS = 5;

  @TempDir Path scratch;

  @Test
  void to_a_pool() throws Exception {
    some(new Survival("cold", List.of()));
  }

  @Test
  void from_a_pool() throws Exception {
    some(new Survival("default", List.of("move db --pool cold")));
  }

  @Test
  void to_an_archive() throws Exception {
    some(new Survival("archive", List.of()));
  }

  @Test
  void from_an_archive() throws Exception {
    some(new Survival("cold", List.of("move db --pool archive")));
  }

  private void some(Survival trial) throws Exception {
    String commit = BuiltProgram.run("version", "--format", "{{.Commit}}").output();
    Random random = new Random((commit + trial.line()).hashCode());
    KillPoints.some(POINTS, random, scratch, EnumSet.of(Fault.KILL, Fault.NO_SPACE), trial);
  }

  /**
   * @param before earlier moves of the volume; a pool's path is the trial's
   */
  private record Survival(String pool, List<String> before) implements CommandTrial {
    @Override
    public void prepare(Path directory) throws Exception {
      Files.createDirectories(directory.resolve("in/b"));
      Files.createDirectory(directory.resolve("repo"));
      Files.writeString(directory.resolve("in/a"), "1");
      Files.writeString(directory.resolve("in/b/c"), "x".repeat(100_000));
      keg(directory, "create db");
      keg(directory, "cp -q DIR/in db:/");
    }

    @Override
    public void begin(Path directory) throws Exception {
      keg(directory, "pool add cold DIR/disk");
      if ((line() + before).contains("archive")) {
        keg(directory, "pool add archive --repo DIR/repo");
      }
      for (String line : before) {
        keg(directory, line);
      }
    }

    @Override
    public String line() {
      return "move -q db --pool " + pool;
    }

    @Override
    public void verify(Path directory, Optional<Fault> fault, Outcome outcome) throws Exception {
      assertThat(outcome.errors()).doesNotContain("\tat ", "Exception", "this is a bug");
      assertThat(run(directory, "ls -q").output().lines()).contains("db");
      if (outcome.exit() == 0) {
        assertThat(where(directory)).isEqualTo(pool);
      }
      if (!where(directory).equals("archive")) {
        requireWhole(directory);
      }
      keg(directory, line());
      assertThat(where(directory)).isEqualTo(pool);
      keg(directory, "move -q db --pool default");
      requireWhole(directory);
      assertThat(run(directory, "ls -q").output()).isEqualTo("db\n");
      assertThat(Store.open(directory.resolve("root")).leftovers()).isEmpty();
      keg(directory, "pool rm cold");
      assertThat(directory.resolve("disk")).isEmptyDirectory();
    }

    private String where(Path directory) throws Exception {
      return run(directory, "inspect -f {{.Pool}} db").output().strip();
    }

    private void requireWhole(Path directory) throws Exception {
      assertThat(run(directory, "cp db:in/a -").output()).contains("1");
      Path out = directory.resolve("out");
      Files.deleteIfExists(out);
      keg(directory, "cp -q db:in/b/c DIR/out");
      assertThat(Files.size(out)).isEqualTo(100_000);
    }
  }
}
