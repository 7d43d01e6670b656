package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.attachment.Attachment;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.crash.KillPoints;
import dev.keg.fixtures.crash.KillPoints.Fault;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.lifecycle.Store;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built program is killed, or fails, at each system call on the root. Afterwards there is the
 * old state or the new one, the next command works, and nothing is left behind after it.
 */
@NeedsNative
@NeedsTool(value = "strace", from = "strace")
class NothingIsLostIT {
  @TempDir Path scratch;

  /** A step in this process before the command. */
  @FunctionalInterface
  private interface Preparation {
    void in(Store store) throws IOException;
  }

  @TestFactory
  Stream<DynamicTest> the_first_create_on_a_machine() throws Exception {
    return broken(new BrokenOff(_ -> {}, "create", "db"));
  }

  @TestFactory
  Stream<DynamicTest> create() throws Exception {
    return broken(
        new BrokenOff(store -> store.fill("other"), "create", "--label", "tier=gold", "db"));
  }

  @TestFactory
  Stream<DynamicTest> remove() throws Exception {
    return broken(new BrokenOff(NothingIsLostIT::fillTwo, "rm", "db"));
  }

  @TestFactory
  Stream<DynamicTest> update() throws Exception {
    return broken(
        new BrokenOff(NothingIsLostIT::fillTwo, "update", "--label-add", "tier=gold", "db"));
  }

  @TestFactory
  Stream<DynamicTest> rename() throws Exception {
    return broken(new BrokenOff(NothingIsLostIT::fillTwo, "rename", "db", "db2"));
  }

  @TestFactory
  Stream<DynamicTest> make_a_snapshot() throws Exception {
    return broken(new BrokenOff(NothingIsLostIT::fillTwo, "snapshot", "create", "db", "night"));
  }

  @TestFactory
  Stream<DynamicTest> remove_a_snapshot() throws Exception {
    return broken(
        new BrokenOff(
            store -> {
              fillTwo(store);
              run(store, "snapshot", "create", "db", "night");
            },
            "snapshot",
            "rm",
            "db",
            "night"));
  }

  @TestFactory
  Stream<DynamicTest> adopt() throws Exception {
    Path disk = Files.write(scratch.resolve("adopted.img"), new byte[4096]);
    return broken(
        new BrokenOff(store -> store.fill("other"), "adopt", "--name", "disk", disk.toString()));
  }

  /** Either the machine has the promised disk, or nobody has. */
  @TestFactory
  Stream<DynamicTest> attach() throws Exception {
    return broken(new BrokenOff(store -> adopt(store), "attach", "disk", "vm1"));
  }

  @TestFactory
  Stream<DynamicTest> detach() throws Exception {
    return broken(
        new BrokenOff(
            store -> {
              adopt(store);
              run(store, "attach", "disk", "vm1");
            },
            "detach",
            "disk",
            "vm1"));
  }

  private void adopt(Store store) throws IOException {
    Path disk = Files.write(scratch.resolve("adopted.img"), new byte[4096]);
    run(store, "adopt", "--name", "disk", disk.toString());
  }

  /** Only the built program has the driver of machines' disks. */
  private static void run(Store store, String... arguments) throws IOException {
    var all = new ArrayList<>(List.of("--root", store.registry().layout().root().toString()));
    all.addAll(List.of(arguments));
    try {
      Outcome outcome = BuiltProgram.run(all.toArray(String[]::new));
      assertThat(outcome.exit()).as(outcome.errors()).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Each of several volumes exists or not: the batch as a whole is not atomic. */
  @TestFactory
  Stream<DynamicTest> prune() throws Exception {
    return broken(
        new BrokenOff(NothingIsLostIT::fillForPrune, "prune", "--all", "--force") {
          @Override
          void assertOldOrNew(SortedMap<String, String> found) {
            Set<String> gone = new HashSet<>(before.keySet());
            gone.removeAll(found.keySet());
            assertThat(gone).doesNotContainAnyElementsOf(after.keySet());
            assertThat(before).containsAllEntriesOf(found);
          }
        });
  }

  private Stream<DynamicTest> broken(BrokenOff trial) throws Exception {
    return KillPoints.each(scratch, EnumSet.allOf(Fault.class), trial);
  }

  private static void fillTwo(Store store) throws IOException {
    store.fill("db");
    store.fill("other");
  }

  private static void fillForPrune(Store store) throws IOException {
    for (String name : List.of("a1", "a2", "held")) {
      store.fill(name);
    }
    store
        .attachments()
        .add(new VolumeName("held"), new Attachment.Disk("vm1", "vdb", false, Store.NOW));
  }

  /** Remembers the states before and after the command, from the run without a fault. */
  private static class BrokenOff implements KillPoints.Trial {
    private final Preparation preparation;
    private final List<String> arguments;
    SortedMap<String, String> before = new TreeMap<>();
    SortedMap<String, String> after = new TreeMap<>();

    BrokenOff(Preparation preparation, String... arguments) {
      this.preparation = preparation;
      this.arguments = List.of(arguments);
    }

    private static Path root(Path directory) {
      return directory.resolve("root");
    }

    @Override
    public void prepare(Path directory) throws IOException {
      preparation.in(Store.open(root(directory)));
      before = content(root(directory));
    }

    @Override
    public List<String> command(Path directory) {
      var command =
          new ArrayList<>(List.of(BuiltProgram.path(), "--root", root(directory).toString()));
      command.addAll(arguments);
      return command;
    }

    @Override
    public Map<String, String> environment() {
      return BuiltProgram.ENVIRONMENT;
    }

    @Override
    public void verify(Path directory, Optional<Fault> fault, Outcome outcome) throws IOException {
      SortedMap<String, String> found = content(root(directory));
      if (fault.isEmpty()) {
        assertThat(outcome.exit()).as(outcome.errors()).isZero();
        after = found;
      } else if (outcome.exit() == 0) {
        assertThat(found).isEqualTo(after);
      } else {
        assertOldOrNew(found);
        assertTellsWhy(fault.get(), outcome);
      }
      assertNextCommandWorks(root(directory), found);
    }

    /** The time of creation depends on the clock and is not compared. */
    private static SortedMap<String, String> content(Path root) throws IOException {
      if (Files.notExists(root)) {
        return new TreeMap<>();
      }
      SortedMap<String, String> content = Store.open(root).content();
      content.replaceAll((_, text) -> text.replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME"));
      return content;
    }

    void assertOldOrNew(SortedMap<String, String> found) {
      assertThat(found).isIn(before, after);
    }

    private static void assertTellsWhy(Fault fault, Outcome outcome) {
      switch (fault) {
        case KILL -> assertThat(outcome.exit()).isEqualTo(128 + 9);
        case NO_QUOTA -> assertThat(outcome.errors()).contains("disk quota exceeded");
        case NO_SPACE -> assertThat(outcome.errors()).contains("no space left on device");
        case INPUT_OUTPUT_ERROR -> assertThat(outcome.errors()).contains("input/output error");
      }
      assertThat(outcome.errors()).doesNotContain("\tat ", "Exception");
    }

    private static void assertNextCommandWorks(Path root, SortedMap<String, String> found)
        throws IOException {
      Store.open(root).volumes().create(VolumeRequest.named(new VolumeName("next")));
      assertThat(Store.open(root).leftovers()).isEmpty();
      SortedMap<String, String> content = content(root);
      assertThat(content.remove("next")).isNotNull();
      assertThat(content).isEqualTo(found);
    }
  }
}
