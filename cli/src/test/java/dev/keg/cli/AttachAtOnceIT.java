package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.attachment.Attachment;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.lifecycle.Store;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As many machines as there are processes want the same disk at the same time. */
@Tag("native")
class AttachAtOnceIT {
  private static final int PROCESSES = BuiltProgram.isNative() ? 32 : 6;
  private static final int ROUNDS = BuiltProgram.isNative() ? 8 : 1;
  private static final int DISKS = BuiltProgram.isNative() ? PROCESSES : 4;

  @TempDir Path directory;

  private Path root() {
    return directory.resolve("root");
  }

  private String[] words(String... arguments) {
    var all = new ArrayList<>(List.of("--root", root().toString()));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  /** A command beside which no other runs. */
  private Outcome keg(String... arguments) throws Exception {
    return BuiltProgram.runOrCall(words(arguments));
  }

  private void create(String name) throws Exception {
    Outcome outcome = keg("create", "-d", "image", "-o", "fs=none", "-o", "size=3m", name);
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
  }

  /** Runs one command in each of the processes; returns their outcomes. */
  private List<Outcome> together(int processes, IntFunction<String[]> command) throws Exception {
    try (var workers = Executors.newFixedThreadPool(processes)) {
      List<Callable<Outcome>> tasks =
          IntStream.range(0, processes)
              .<Callable<Outcome>>mapToObj(i -> () -> BuiltProgram.run(words(command.apply(i))))
              .toList();
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> outcome : workers.invokeAll(tasks)) {
        outcomes.add(outcome.get());
      }
      return outcomes;
    }
  }

  private List<Attachment.Disk> holders(String volume) {
    return Store.open(root()).attachments().current(new VolumeName(volume)).stream()
        .map(Attachment.Disk.class::cast)
        .toList();
  }

  @Test
  void two_machines_never_get_one_disk_to_write() throws Exception {
    create("db");
    for (int round = 0; round < ROUNDS; round++) {
      int writers = round;
      List<Outcome> outcomes =
          together(
              PROCESSES,
              i ->
                  (i + writers) % 3 == 0
                      ? new String[] {"attach", "--read-only", "db", "vm" + i}
                      : new String[] {"attach", "db", "vm" + i});

      List<Attachment.Disk> holders = holders("db");
      List<Integer> winners =
          IntStream.range(0, PROCESSES).filter(i -> outcomes.get(i).exit() == 0).boxed().toList();
      assertThat(holders).hasSameSizeAs(winners).isNotEmpty();
      if (!holders.getFirst().readOnly()) {
        assertThat(holders).hasSize(1);
      }
      assertThat(holders)
          .extracting(Attachment.Disk::readOnly)
          .containsOnly(holders.getFirst().readOnly());
      for (int i = 0; i < PROCESSES; i++) {
        if (!winners.contains(i)) {
          assertThat(outcomes.get(i).errors()).contains("attach db: volume is in use - [");
        }
      }
      for (int winner : winners) {
        assertThat(keg("detach", "db", "vm" + winner).exit()).isZero();
      }
    }
    assertThat(holders("db")).isEmpty();
    assertThat(Store.open(root()).leftovers()).isEmpty();
  }

  @Test
  void each_disk_of_a_machine_has_a_name_of_its_own() throws Exception {
    create("disk-0");
    for (int i = 1; i < DISKS; i++) {
      assertThat(keg("create", "-d", "image", "-o", "from=disk-0", "disk-" + i).exit()).isZero();
    }

    List<Outcome> outcomes = together(DISKS, i -> new String[] {"attach", "disk-" + i, "vm"});

    assertThat(outcomes).allSatisfy(o -> assertThat(o.exit()).as(o.errors()).isZero());
    assertThat(outcomes).extracting(Outcome::output).doesNotHaveDuplicates();
  }
}
