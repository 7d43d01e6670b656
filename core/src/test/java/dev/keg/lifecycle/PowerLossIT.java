package dev.keg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.attachment.Attachment;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.powerloss.PowerLoss;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The power fails after any write to the disk. Afterwards there is the state before or after the
 * command that was running; everything reported as done is done.
 */
@NeedsRoot
@NeedsKernel({"ext4", "loop", "fuse"})
@NeedsTool(value = PowerLoss.DAEMON, from = PowerLoss.PACKAGE)
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
class PowerLossIT {
  @RegisterExtension final MachineState machine = new MachineState();

  /** One command. */
  @FunctionalInterface
  private interface Command {
    void run(Store store) throws IOException;
  }

  private static final List<Command> COMMANDS =
      List.of(
          store -> create(store, "db"),
          store -> create(store, "cache"),
          store ->
              store
                  .volumes()
                  .update(
                      "db", VolumeChange.ofLabels(Labels.parse(List.of("tier=gold")), List.of())),
          store -> store.volumes().rename("db", "db2"),
          store ->
              store
                  .attachments()
                  .add(new VolumeName("db2"), new Attachment.Disk("vm1", "vdb", false, Store.NOW)),
          store -> create(store, "old"),
          store -> store.volumes().remove("cache", Removal.Mode.NORMAL),
          PowerLossIT::prune);

  private static void create(Store store, String name) {
    store.volumes().create(VolumeRequest.named(new VolumeName(name)));
  }

  private static void prune(Store store) {
    var all = VolumeFilter.forPrune(true, FilterArguments.NONE, store.volumes().filterContext());
    assertThat(store.volumes().pruning().prune(all).removed()).hasSize(1);
  }

  private static SortedMap<String, String> content(Path directory) throws IOException {
    Path root = directory.resolve("root");
    return Files.exists(root) ? Store.open(root).content() : new TreeMap<>();
  }

  @Test
  void every_volume_is_as_it_was_or_as_it_was_made() throws Exception {
    var states = new ArrayList<SortedMap<String, String>>();
    try (PowerLoss power = PowerLoss.record(machine.directory())) {
      power.run("begun", directory -> states.add(content(directory)));
      for (Command command : COMMANDS) {
        power.run(
            "done",
            directory -> {
              command.run(Store.open(directory.resolve("root")));
              states.add(content(directory));
            });
      }

      var looked = new HashSet<Object>();
      int failures =
          power.failEverywhere(
              (directory, marks) -> {
                int last = marks.size() - 1;
                SortedMap<String, String> found = content(directory);
                assertThat(found).isIn(states.subList(last, Math.min(last + 2, states.size())));
                if (looked.add(List.of(last, found, files(directory)))) {
                  assertNextCommandWorks(directory.resolve("root"), found);
                }
              });

      assertThat(failures).isGreaterThan(5 * COMMANDS.size());
      assertThat(looked).hasSizeGreaterThan(2 * COMMANDS.size());
    }
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.map(Path::toString).sorted().toList();
    }
  }

  private static void assertNextCommandWorks(Path root, SortedMap<String, String> found)
      throws IOException {
    create(Store.open(root), "next");
    assertThat(Store.open(root).leftovers()).isEmpty();
    SortedMap<String, String> content = Store.open(root).content();
    content.remove("next");
    assertThat(content).isEqualTo(found);
  }
}
