package dev.keg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.attachment.Attachment;
import dev.keg.error.VolumeException;
import dev.keg.fixtures.fault.Durability;
import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.Trial;
import dev.keg.snapshot.SnapshotRequest;
import dev.keg.tuning.Setting;
import dev.keg.tuning.Tuning;
import dev.keg.tuning.TuningProfile;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Protection;
import dev.keg.volume.Size;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Interrupts every operation at every change that it makes to the disk, by every error and by a
 * kill. Afterwards there is the old state or the new one, the next command works, and nothing is
 * left behind after it. Reported results survive a power failure. A third of this without {@code
 * -Dkeg.time}.
 */
@Tag("time")
class NothingIsLostTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final PoolName FAST = new PoolName("fast");

  /** The action of one command. */
  @FunctionalInterface
  private interface Command {
    void run(Store store) throws IOException;
  }

  @TestFactory
  Stream<DynamicTest> the_first_create_on_a_machine() throws Exception {
    return broken(_ -> {}, store -> create(store, "db"));
  }

  @TestFactory
  Stream<DynamicTest> create() throws Exception {
    return broken(store -> store.fill("other"), store -> create(store, "db"));
  }

  @TestFactory
  Stream<DynamicTest> create_of_what_is_there() throws Exception {
    return broken(store -> store.fill("db"), store -> create(store, "db"));
  }

  @TestFactory
  Stream<DynamicTest> create_where_a_killed_command_left_something() throws Exception {
    return broken(NothingIsLostTest::fillAndLeave, store -> create(store, "new"));
  }

  @TestFactory
  Stream<DynamicTest> remove() throws Exception {
    return broken(NothingIsLostTest::fillTwo, store -> remove(store, "db"));
  }

  @TestFactory
  Stream<DynamicTest> update() throws Exception {
    return broken(
        NothingIsLostTest::fillTwo,
        store ->
            store
                .volumes()
                .update(
                    "db", VolumeChange.ofLabels(Labels.parse(List.of("tier=gold")), List.of())));
  }

  /** The id of a volume that an older version described stays the same. */
  @TestFactory
  Stream<DynamicTest> upgrade_by_an_update() throws Exception {
    return FaultPoints.thinned(
        FaultPoints.each(
            new KeepsItsId("db", "db", store -> store.volumes().update("db", describe("kept")))));
  }

  @TestFactory
  Stream<DynamicTest> upgrade_by_a_rename() throws Exception {
    return FaultPoints.thinned(
        FaultPoints.each(
            new KeepsItsId("db", "db2", store -> store.volumes().rename("db", "db2"))));
  }

  private static VolumeChange describe(String text) {
    return new VolumeChange(
        Labels.NONE, List.of(), Optional.of(text), Optional.of(Protection.always()));
  }

  private static final class KeepsItsId extends BrokenOff {
    private final List<String> names;
    private @Nullable VolumeId id;

    KeepsItsId(String before, String after, Command command) {
      super(
          store -> {
            store.fill(before);
            store.downgrade(before);
          },
          command);
      this.names = List.of(before, after);
    }

    @Override
    public void prepare(Path directory) throws IOException {
      super.prepare(directory);
      id = Store.open(root(directory)).id(names.getFirst());
    }

    @Override
    public void verify(Path directory, Outcome outcome) throws IOException {
      super.verify(directory, outcome);
      Store store = Store.open(root(directory));
      assertThat(names.stream().filter(store.volumes()::exists).map(store::id)).containsOnly(id);
    }
  }

  @TestFactory
  Stream<DynamicTest> rename() throws Exception {
    return broken(NothingIsLostTest::fillTwo, store -> store.volumes().rename("db", "db2"));
  }

  @TestFactory
  Stream<DynamicTest> clone_of_a_directory() throws Exception {
    return broken(
        store -> {
          create(store, "db");
          // It contains no directory: the system's own trees, which are missing here, sync those.
          Files.writeString(store.home("db").resolve("_data/file"), "data of db");
        },
        store ->
            store.cloning().clone(VolumeAt.parse("db"), "db2", Labels.parse(List.of("tier=gold"))));
  }

  @TestFactory
  Stream<DynamicTest> make_a_snapshot() throws Exception {
    return broken(NothingIsLostTest::withData, store -> snapshot(store));
  }

  @TestFactory
  Stream<DynamicTest> remove_a_snapshot() throws Exception {
    return broken(
        store -> {
          withData(store);
          snapshot(store);
        },
        store -> store.snapshots().remove("db", new SnapshotName("night")));
  }

  // It contains no directory: the system's own trees, which are missing here, sync those.
  private static void withData(Store store) throws IOException {
    create(store, "db");
    Files.writeString(store.home("db").resolve("_data/file"), "data of db");
  }

  private static void snapshot(Store store) {
    var _ =
        store
            .snapshots()
            .create(
                new SnapshotRequest(
                    "db", Optional.of(new SnapshotName("night")), Optional.empty(), false));
  }

  @TestFactory
  Stream<DynamicTest> add_a_pool() throws Exception {
    return broken(store -> store.fill("db"), NothingIsLostTest::addPool);
  }

  @TestFactory
  Stream<DynamicTest> remove_a_pool() throws Exception {
    return broken(
        store -> {
          store.fill("db");
          addPool(store);
        },
        store -> store.registry().pools().remove(FAST, false));
  }

  @TestFactory
  Stream<DynamicTest> create_in_a_pool() throws Exception {
    return broken(NothingIsLostTest::addPool, store -> createInPool(store, "db"));
  }

  @TestFactory
  Stream<DynamicTest> rename_in_a_pool() throws Exception {
    return broken(
        NothingIsLostTest::withPooled, store -> store.volumes().rename("pooled", "renamed"));
  }

  @TestFactory
  Stream<DynamicTest> remove_in_a_pool() throws Exception {
    return broken(NothingIsLostTest::withPooled, store -> remove(store, "pooled"));
  }

  @TestFactory
  Stream<DynamicTest> make_a_snapshot_in_a_pool() throws Exception {
    return broken(
        NothingIsLostTest::withPooled,
        store ->
            store
                .snapshots()
                .create(
                    new SnapshotRequest(
                        "pooled",
                        Optional.of(new SnapshotName("night")),
                        Optional.empty(),
                        false)));
  }

  private static void addPool(Store store) {
    store.registry().pools().add(FAST, store.registry().layout().root().resolveSibling("disk"));
  }

  private static void createInPool(Store store, String name) {
    store.volumes().create(VolumeRequest.named(new VolumeName(name)).in(Optional.of(FAST)));
  }

  private static void withPooled(Store store) throws IOException {
    store.fill("db");
    addPool(store);
    createInPool(store, "pooled");
    Files.writeString(store.home("pooled").resolve("_data/file"), "data of pooled");
  }

  @TestFactory
  Stream<DynamicTest> tune() throws Exception {
    return broken(
        NothingIsLostTest::fillTwo,
        store -> tune(store, Tuning.NONE.with(Setting.ATIME, "noatime")));
  }

  @TestFactory
  Stream<DynamicTest> reset_what_was_tuned() throws Exception {
    return broken(
        store -> {
          fillTwo(store);
          tune(store, TuningProfile.DATABASE.tuning());
        },
        store -> {
          store.registry().openForWriting();
          var _ =
              store
                  .tunings()
                  .reset(DB, () -> Optional.of(store.home("db").resolve("_data")), false);
        });
  }

  private static void tune(Store store, Tuning wanted) {
    store.registry().openForWriting();
    var _ = store.tunings().change(DB, store.home("db").resolve("_data"), wanted, false);
  }

  /** The data may have grown already; the same command then updates the description. */
  @TestFactory
  Stream<DynamicTest> resize() throws Exception {
    return FaultPoints.thinned(
        FaultPoints.each(
            new BrokenOff(
                store -> create(store, "db", "growing", Map.of("size", "10")),
                store -> store.sizes().resize("db", new Size(20))) {
              @Override
              void assertOldOrNew(SortedMap<String, String> found) {
                assertThat(described(found)).isIn(described(before), described(after));
              }

              private static String described(SortedMap<String, String> content) {
                return String.valueOf(content.get("db")).replaceFirst("data=.*", "");
              }

              // The same command completes what was interrupted.
              @Override
              public void verify(Path directory, Outcome outcome) throws IOException {
                super.verify(directory, outcome);
                run(directory);
                assertThat(content(root(directory))).isEqualTo(after);
              }
            }));
  }

  @TestFactory
  Stream<DynamicTest> hold() throws Exception {
    return broken(store -> store.fill("db"), store -> store.attachments().add(DB, disk("vm1")));
  }

  @TestFactory
  Stream<DynamicTest> let_go() throws Exception {
    return broken(
        store -> {
          store.fill("db");
          store.attachments().add(DB, disk("vm1"));
        },
        store -> store.attachments().remove(DB, disk("vm1")));
  }

  /** Each of several volumes exists or not: the batch as a whole is not atomic. */
  @TestFactory
  Stream<DynamicTest> prune() throws Exception {
    return FaultPoints.thinned(
        FaultPoints.inTurn(
            new BrokenOff(NothingIsLostTest::fillForPrune, NothingIsLostTest::prune) {
              private Map<String, VolumeId> ids = Map.of();

              @Override
              public void prepare(Path directory) throws IOException {
                super.prepare(directory);
                ids = ids(directory);
              }

              private Map<String, VolumeId> ids(Path directory) throws IOException {
                Store store = Store.open(root(directory));
                return store.content().keySet().stream()
                    .collect(Collectors.toMap(n -> n, store::id));
              }

              @Override
              public void verify(Path directory, Outcome outcome) throws IOException {
                assertThat(ids).containsAllEntriesOf(ids(directory)); // none was created again
                super.verify(directory, outcome);
                assertThat(after).containsOnlyKeys("db");
              }

              @Override
              void assertOldOrNew(SortedMap<String, String> found) {
                Set<String> gone = new HashSet<>(before.keySet());
                gone.removeAll(found.keySet());
                assertThat(gone).doesNotContainAnyElementsOf(after.keySet());
                assertThat(before).containsAllEntriesOf(found);
              }
            }));
  }

  private static Stream<DynamicTest> broken(Command before, Command command) throws Exception {
    return FaultPoints.thinned(FaultPoints.each(new BrokenOff(before, command)));
  }

  private static void create(Store store, String name) {
    store.volumes().create(VolumeRequest.named(new VolumeName(name)));
  }

  private static void create(Store store, String name, String driver, Map<String, String> options) {
    store
        .volumes()
        .create(
            new VolumeRequest(
                new VolumeName(name), driver, Options.of(options), Labels.NONE, Ownership.DEFAULT));
  }

  private static void remove(Store store, String name) {
    store.volumes().remove(name, Removal.Mode.NORMAL);
  }

  private static void prune(Store store) {
    var all = VolumeFilter.forPrune(true, FilterArguments.NONE, store.volumes().filterContext());
    Pruning.Result result = store.volumes().pruning().prune(all);
    if (!result.problems().isEmpty()) {
      throw result.problems().getFirst();
    }
  }

  private static void fillTwo(Store store) throws IOException {
    store.fill("db");
    store.fill("other");
  }

  private static void fillForPrune(Store store) throws IOException {
    for (String name : List.of("a1", "a2", "a3", "db")) {
      store.fill(name);
    }
    store.attachments().add(DB, disk("vm1"));
  }

  private static void fillAndLeave(Store store) throws IOException {
    store.fill("db");
    Path root = store.registry().layout().root();
    for (String place : List.of("staging/00.0123456789abcdef", "trash/1f.0123456789abcdef")) {
      Files.createDirectories(root.resolve(place).resolve("_data/directory"));
      Files.writeString(root.resolve(place).resolve("_data/directory/file"), "old");
    }
  }

  private static Attachment disk(String machine) {
    return new Attachment.Disk(machine, "vdb", false, Store.NOW);
  }

  /** Remembers the states before and after the command, from the run without a fault. */
  private static class BrokenOff implements Trial {
    private final Command prepare;
    private final Command command;
    SortedMap<String, String> before = new TreeMap<>();
    SortedMap<String, String> after = new TreeMap<>();

    BrokenOff(Command prepare, Command command) {
      this.prepare = prepare;
      this.command = command;
    }

    static Path root(Path directory) {
      return directory.resolve("lib/root");
    }

    static SortedMap<String, String> content(Path root) throws IOException {
      return Files.exists(root) ? Store.open(root).content() : new TreeMap<>();
    }

    @Override
    public void prepare(Path directory) throws IOException {
      prepare.run(Store.open(root(directory)));
      before = content(root(directory));
    }

    @Override
    public void run(Path directory) throws IOException {
      command.run(Store.open(root(directory)));
    }

    @Override
    public void verify(Path directory, Outcome outcome) throws IOException {
      SortedMap<String, String> found = content(root(directory));
      if (outcome.fault() == null) {
        after = found;
        assertThat(Durability.problems(outcome.operations(), BrokenOff::matters)).isEmpty();
      } else if (outcome.succeeded()) {
        assertThat(found).isEqualTo(after);
      } else {
        assertOldOrNew(found);
      }
      if (outcome.failure() != null && !outcome.killed()) {
        assertThat(outcome.failure()).isInstanceOf(VolumeException.class);
      }
      assertNextCommandWorks(root(directory), found);
    }

    /** Staging, trash and locks may return or disappear; everything else is guaranteed. */
    private static boolean matters(String path) {
      return path.matches(
          "(/keg|/keg/lib|/keg/lib/(root|disk)|/keg/lib/root/pooled(/.*)?"
              + "|/keg/lib/(root|disk)/volumes(/.*)?)");
    }

    void assertOldOrNew(SortedMap<String, String> found) {
      assertThat(found).isIn(before, after);
    }

    private static void assertNextCommandWorks(Path root, SortedMap<String, String> found)
        throws IOException {
      create(Store.open(root), "next");
      Store next = Store.open(root);
      assertThat(next.leftovers()).isEmpty();
      SortedMap<String, String> content = next.content();
      assertThat(content.remove("next")).isNotNull();
      assertThat(content).isEqualTo(found);
      for (String closed : List.of("staging", "trash", "locks", "containers")) {
        assertThat(Files.getPosixFilePermissions(root.resolve(closed)))
            .as("who may enter %s", closed)
            .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      }
      remove(next, "next");
    }
  }
}
