package dev.keg.volumeset;

import static dev.keg.volumeset.Machine.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.Faults;
import dev.keg.error.VolumeException;
import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.FaultyFileSystem;
import dev.keg.fixtures.fault.Trial;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.Machine.Wanted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Interrupts four mixed mounts, one inside another, at every call into the kernel and at every
 * change to the disk, by a failure and by a kill. A failure leaves nothing behind; after a kill the
 * clean-up command leaves nothing behind, and the same command succeeds when repeated.
 */
class MountsAreAllOrNothingTest {
  private static final Wanted FOUR =
      new Wanted(
          List.of("db:/data", "logs:/data/logs:ro"),
          List.of("type=bind,src=/keg/srv/source,dst=/src"),
          List.of("/run/deep"));

  private static Machine machine() throws IOException {
    return prepared(new Machine());
  }

  private static Machine prepared(Machine machine) {
    machine.volumes.create(
        new VolumeRequest(
            new VolumeName("db"), "mounting", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    machine.volumes.create(VolumeRequest.named(new VolumeName("logs")));
    return machine;
  }

  /** Interrupts the command at the n-th call into the kernel; false if there are fewer. */
  private static boolean breakOff(Machine machine, Runnable command) {
    try {
      command.run();
    } catch (VolumeException | Faults.Killed e) {
      assertThat(machine.publisher.faults().fired()).isTrue();
      machine.publisher.faults().heal();
      return true;
    }
    machine.publisher.faults().heal();
    return false;
  }

  @Test
  void a_call_that_fails_while_setting_up_leaves_nothing() throws IOException {
    int calls = 0;
    boolean broken = true;
    while (broken) {
      Machine machine = machine();
      Map<String, Object> before = machine.state();
      machine.publisher.faults().failAt(++calls);
      broken = breakOff(machine, () -> machine.mount(WEB, FOUR));
      if (broken) {
        assertThat(machine.state()).as("failed at call %d", calls).isEqualTo(before);
      }
    }
    assertThat(calls).isGreaterThan(6);
  }

  @Test
  void a_kill_while_setting_up_leaves_what_the_clean_up_finds() throws IOException {
    int calls = 0;
    boolean broken = true;
    while (broken) {
      Machine machine = machine();
      Map<String, Object> before = machine.state();
      machine.publisher.faults().killAt(++calls);
      broken = breakOff(machine, () -> machine.mount(WEB, FOUR));
      machine.sets.tearDown(WEB, false);
      assertThat(machine.state()).as("killed at call %d", calls).isEqualTo(before);
    }
  }

  @Test
  void after_a_kill_the_same_command_succeeds() throws IOException {
    Machine whole = machine();
    whole.mount(WEB, FOUR);
    int calls = 0;
    boolean broken = true;
    while (broken) {
      Machine machine = machine();
      machine.publisher.faults().killAt(++calls);
      broken = breakOff(machine, () -> machine.mount(WEB, FOUR));
      if (broken) {
        machine.mount(WEB, FOUR);
        assertThat(machine.state()).as("killed at call %d", calls).isEqualTo(whole.state());
      }
    }
  }

  @Test
  void taking_down_is_finished_by_taking_down_again() throws IOException {
    for (boolean kill : new boolean[] {false, true}) {
      int calls = 0;
      boolean broken = true;
      while (broken) {
        Machine machine = machine();
        Map<String, Object> before = machine.state();
        machine.mount(WEB, FOUR);
        if (kill) {
          machine.publisher.faults().killAt(++calls);
        } else {
          machine.publisher.faults().failAt(++calls);
        }
        broken = breakOff(machine, () -> machine.sets.tearDown(WEB, false));
        machine.sets.tearDown(WEB, false);
        assertThat(machine.state()).as("broken off at call %d", calls).isEqualTo(before);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> setting_up_is_broken_off_at_every_change_to_the_disk() throws Exception {
    return FaultPoints.each(
        new BrokenOff() {
          @Override
          void command(Machine machine) {
            machine.mount(WEB, FOUR);
          }

          @Override
          void verify(Machine machine, Outcome outcome) throws IOException {
            if (outcome.succeeded()) {
              assertThat(machine.publisher.standing()).hasSize(4);
            } else if (!outcome.killed()) {
              assertThat(machine.publisher.standing()).isEmpty();
            }
            machine.sets.tearDown(WEB, false);
            assertThat(machine.state()).isEqualTo(before);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> taking_down_is_broken_off_at_every_change_to_the_disk() throws Exception {
    return FaultPoints.each(
        new BrokenOff() {
          @Override
          public void prepare(Path directory) throws IOException {
            super.prepare(directory);
            new Machine(directory, kernel).mount(WEB, FOUR);
          }

          @Override
          void command(Machine machine) {
            machine.sets.tearDown(WEB, false);
          }

          @Override
          void verify(Machine machine, Outcome outcome) throws IOException {
            machine.sets.tearDown(WEB, false);
            assertThat(machine.state()).isEqualTo(before);
          }
        });
  }

  /** One command on one machine, whose kernel outlives the process. */
  private abstract static class BrokenOff implements Trial {
    FakePublisher kernel = new FakePublisher(new FakeMountTable(Path::of));
    Map<String, Object> before = Map.of();

    abstract void command(Machine machine);

    abstract void verify(Machine machine, Outcome outcome) throws IOException;

    @Override
    public void prepare(Path directory) throws IOException {
      Machine machine = prepared(new Machine(directory));
      kernel = machine.publisher;
      before = machine.state();
    }

    @Override
    public void run(Path directory) {
      command(new Machine(directory, kernel));
    }

    @Override
    public void verify(Path directory, Outcome outcome) throws IOException {
      if (outcome.failure() != null && !outcome.killed()) {
        assertThat(outcome.failure()).isInstanceOf(VolumeException.class);
      }
      verify(new Machine(FaultyFileSystem.forceable(directory), kernel), outcome);
    }
  }
}
