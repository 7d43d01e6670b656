package dev.keg.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.attachment.Attachments;
import dev.keg.attachment.NoMounts;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.fixtures.fault.Durability;
import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.Operation;
import dev.keg.fixtures.fault.Operation.Kind;
import dev.keg.fixtures.fault.Trial;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.Store;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Registers the volumes of an engine together. Interrupted at any change to the disk, each volume
 * is registered or not; reported ones survive a power failure.
 */
class ManyAdoptionsTest {
  private static final List<EngineVolume> VOLUMES =
      IntStream.range(0, 8).mapToObj(ManyAdoptionsTest::volume).toList();

  /** Syncs all unfinished data to the disk, as a sync of the whole file system would. */
  private static final DirectorySync WHOLE =
      new DirectorySync() {
        @Override
        public void sync(Path directory) throws IOException {
          FSYNC.sync(directory);
        }

        @Override
        public boolean syncAll(Path directory) throws IOException {
          try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.toList()) {
              force(path);
            }
          }
          return true;
        }
      };

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static EngineVolume volume(int number) {
    return new EngineVolume(
        "v" + number,
        "local",
        "/docker/volumes/v" + number + "/_data",
        Options.of(Map.of("type", "tmpfs", "device", "tmpfs")),
        Labels.parse(List.of("number=" + number)));
  }

  private static Adoptions adoptions(Path root, DirectorySync sync) {
    VolumeRegistry registry =
        new VolumeRegistry(new RegistryLayout(root), sync, RandomGenerator.getDefault(), _ -> {});
    Drivers drivers =
        new Drivers(
            List.of(LocalDriver.directoriesOnly()),
            new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
    Clock clock = Clock.fixed(Store.NOW, ZoneOffset.UTC);
    return new Adoptions(
        new Services(
            registry, new Attachments(registry, NoMounts::new), drivers, clock, Secrets.NONE));
  }

  @Tag("time")
  @TestFactory
  Stream<DynamicTest> where_a_file_system_is_synced_as_a_whole() throws Exception {
    return FaultPoints.thinned(FaultPoints.inTurn(new BrokenOff(WHOLE)));
  }

  @Tag("time")
  @TestFactory
  Stream<DynamicTest> where_each_file_is_synced() throws Exception {
    return FaultPoints.thinned(FaultPoints.inTurn(new BrokenOff(DirectorySync.FSYNC)));
  }

  private static final class BrokenOff implements Trial {
    private final DirectorySync sync;
    private SortedMap<String, String> complete = new TreeMap<>();

    BrokenOff(DirectorySync sync) {
      this.sync = sync;
    }

    private static Path root(Path directory) {
      return directory.resolve("root");
    }

    @Override
    public void prepare(Path directory) throws IOException {
      Store.open(root(directory)).fill("other");
      adoptions(root(directory), sync).adoptAll(List.of(), _ -> {}); // creates the locks
    }

    @Override
    public void run(Path directory) {
      for (VolumeException problem : adoptions(root(directory), sync).adoptAll(VOLUMES, _ -> {})) {
        throw problem;
      }
    }

    @Override
    public void verify(Path directory, Outcome outcome) throws IOException {
      SortedMap<String, String> found = Store.open(root(directory)).content();
      if (outcome.fault() == null) {
        complete = found;
        assertThat(found).hasSize(VOLUMES.size() + 1);
        assertThat(Durability.problems(outcome.operations(), path -> path.contains("/volumes")))
            .isEmpty();
        requireNoneShownBeforeAllAreSafe(outcome.operations());
      } else if (outcome.succeeded()) {
        assertThat(found).isEqualTo(complete);
      } else {
        assertThat(complete).containsAllEntriesOf(found);
        assertThat(found).containsKey("other");
      }
      requireNothingLeft(root(directory), found);
    }

    private static void requireNoneShownBeforeAllAreSafe(List<Operation> operations) {
      List<Kind> kinds = operations.stream().map(Operation::kind).toList();
      assertThat(kinds.subList(kinds.indexOf(Kind.MOVE), kinds.lastIndexOf(Kind.MOVE)))
          .doesNotContain(Kind.FORCE, Kind.FORCE_DIRECTORY);
    }

    private static void requireNothingLeft(Path root, SortedMap<String, String> found)
        throws IOException {
      Store.open(root).volumes().create(VolumeRequest.named(new VolumeName("next")));
      Store next = Store.open(root);
      assertThat(next.leftovers()).isEmpty();
      assertThat(next.content()).containsAllEntriesOf(found).hasSize(found.size() + 1);
    }
  }
}
