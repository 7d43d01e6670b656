package dev.keg.moving;

import static dev.keg.moving.MovingHost.DB;
import static dev.keg.moving.MovingHost.THERE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.error.VolumeException;
import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.FaultyFileSystem;
import dev.keg.fixtures.fault.Killed;
import dev.keg.fixtures.fault.Trial;
import dev.keg.lifecycle.VolumeChange;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.volume.Labels;
import dev.keg.volume.Protection;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Interrupts a move at every change to the disk of one of its hosts, by a kill and by an error. The
 * hosts never both have the volume, and the next move, or its undoing, brings it to one of them.
 */
@Tag("time")
class MovesBrokenOffTest {
  private static final VolumeName OLD = new VolumeName("db-moved");

  private static final VolumeChange PROTECTED =
      new VolumeChange(Labels.NONE, List.of(), Optional.empty(), Optional.of(Protection.always()));

  @TestFactory
  Stream<DynamicTest> the_host_that_has_the_volume_and_the_next_move_completes() throws Exception {
    return FaultPoints.thinned(FaultPoints.inTurn(new BrokenMove(Side.HERE, Next.MOVE)));
  }

  @TestFactory
  Stream<DynamicTest> the_host_that_has_the_volume_and_the_move_is_undone() throws Exception {
    return kills(new BrokenMove(Side.HERE, Next.UNDO));
  }

  @TestFactory
  Stream<DynamicTest> the_host_that_gets_the_volume_and_the_next_move_completes() throws Exception {
    return FaultPoints.thinned(FaultPoints.inTurn(new BrokenMove(Side.THERE, Next.MOVE)));
  }

  @TestFactory
  Stream<DynamicTest> the_host_that_gets_the_volume_and_the_move_is_undone() throws Exception {
    return kills(new BrokenMove(Side.THERE, Next.UNDO));
  }

  private static Stream<DynamicTest> kills(Trial trial) throws Exception {
    return FaultPoints.thinned(
        FaultPoints.inTurn(trial).filter(test -> test.getDisplayName().startsWith("kill ")));
  }

  private enum Side {
    HERE,
    THERE
  }

  private enum Next {
    MOVE,
    UNDO
  }

  private record BrokenMove(Side side, Next next) implements Trial {
    private static final List<String> CONTENT = List.of("a=1", "dir/b=2");

    private static MovingHost here(Path directory) {
      return new MovingHost(directory.resolve("here"));
    }

    private static MovingHost there(Path directory) {
      return new MovingHost(directory.resolve("there"));
    }

    @Override
    public void prepare(Path directory) {
      MovingHost here = here(directory);
      here.volumes.create(VolumeRequest.named(DB));
      here.volumes.update("db", PROTECTED);
      here.write("a", "1");
      here.write("dir/b", "2");
    }

    @Override
    public void run(Path faulty) {
      Path whole =
          FaultyFileSystem.forceable(((FaultyFileSystem) faulty.getFileSystem()).unwrap(faulty));
      Path near = side == Side.HERE ? faulty : whole;
      Path far = side == Side.THERE ? faulty : whole;
      LinkedHosts ssh = new LinkedHosts(() -> there(far));
      try {
        here(near).moving(ssh).move(MoveRequest.of(DB, Optional.of(THERE)));
      } catch (VolumeException e) {
        // A bug there is a bug here, whatever else it means.
        throw ssh.death() instanceof RuntimeException bug ? bug : e;
      }
    }

    @Override
    public void verify(Path directory, Outcome outcome) {
      if (outcome.failure() != null) {
        assertThat(outcome.failure()).isInstanceOfAny(VolumeException.class, Killed.class);
      }
      boolean kept = here(directory).has(DB);
      boolean given = there(directory).has(DB);
      assertThat(kept && given).as("both have it").isFalse();
      if (outcome.succeeded()) {
        assertThat(given).isTrue();
      }
      proceed(directory, given);
      assertThat(here(directory).has(DB) ^ there(directory).has(DB)).as("one has it").isTrue();
      MovingHost owner = here(directory).has(DB) ? here(directory) : there(directory);
      assertThat(owner.content()).isEqualTo(CONTENT);
      if (next == Next.MOVE) {
        assertThat(there(directory).has(DB)).isTrue();
        assertThat(here(directory).content(OLD)).isEqualTo(CONTENT);
      } else if (!given) {
        assertThat(here(directory).has(DB)).isTrue();
        assertThat(there(directory).volumes.exists("db")).isFalse();
      }
    }

    /** The next command of the operator, if there is one to run. */
    private void proceed(Path directory, boolean given) {
      MovingHost host = here(directory);
      boolean begun = MoveJournal.isMoving(DB, host.registry.layout().home(DB));
      Moving moving = host.moving(new LinkedHosts(() -> there(directory)));
      if (!host.volumes.exists("db")) {
        return;
      }
      if (next == Next.MOVE || given) {
        moving.move(MoveRequest.of(DB, Optional.of(THERE)));
      } else if (begun) {
        moving.undo(DB, false);
      }
    }
  }
}
