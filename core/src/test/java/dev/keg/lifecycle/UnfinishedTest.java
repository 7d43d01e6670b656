package dev.keg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.cloning.Cloning;
import dev.keg.driver.Clones;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Secrets;
import dev.keg.driver.Snapshots;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.file.DirectorySync;
import dev.keg.file.WorkListener;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.snapshot.SnapshotRequest;
import dev.keg.snapshot.Snapshotting;
import dev.keg.tree.PortableFileTrees;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The remains of killed commands on a server, which the next command removes. */
class UnfinishedTest {
  private static final SnapshotName ONE = new SnapshotName("one");

  private final RegistryLayout layout =
      new RegistryLayout(
          Jimfs.newFileSystem(
                  Configuration.unix().toBuilder()
                      .setAttributeViews("basic", "posix", "unix")
                      .build())
              .getPath("/keg"));
  private final Server server = new Server();
  private final List<String> warnings = new ArrayList<>();

  /** An end that no exception handler catches. */
  private static final class Killed extends Error {}

  /** Its data of volumes and snapshots is named after their id and their home. */
  private static final class Server extends FakeDriver implements Snapshots, Clones {
    final TreeSet<String> kept = new TreeSet<>();
    boolean kills;
    boolean silent;

    Server() {
      super("server");
    }

    private void make(String what) {
      kept.add(what);
      if (kills) {
        throw new Killed();
      }
    }

    private void requireAnswer() {
      if (silent) {
        throw new DriverFailed("test", "db", "the server is silent");
      }
    }

    private static String id(Volume volume) {
      return volume.details().id().text();
    }

    @Override
    public void create(CreateRequest request) {
      super.create(request);
      make(id(request.volume()));
    }

    @Override
    public void cloneFrom(Volume source, VolumeHome home, CreateRequest request) {
      create(request);
    }

    @Override
    public boolean leavesTraces(Volume volume) {
      return true;
    }

    @Override
    public void takeBack(Volume volume, VolumeHome home) {
      requireAnswer();
      kept.remove(id(volume));
    }

    @Override
    public void remove(Volume volume, VolumeHome home) {
      kept.remove(id(volume));
    }

    @Override
    public boolean areOnServer(Volume volume) {
      return true;
    }

    @Override
    public void snapshot(Volume volume, VolumeHome home, VolumeHome snapshot) {
      make(id(volume) + "@");
    }

    @Override
    public void discard(Volume volume, VolumeHome snapshot) {
      requireAnswer();
      kept.remove(id(volume) + "@");
    }

    @Override
    public Shown show(MountRequest request) {
      throw new IllegalStateException("not shown");
    }
  }

  /** Opens everything again, as each command does. */
  private Services services() {
    VolumeRegistry registry =
        new VolumeRegistry(
            layout,
            DirectorySync.NONE,
            new SplittableRandom(warnings.size() + server.calls().size()),
            _ -> {},
            warnings::add,
            WorkListener.NONE);
    FakeMountTable mounts = new FakeMountTable(layout.root().getFileSystem()::getPath);
    return new Services(
        registry,
        new Attachments(registry, () -> mounts),
        new Drivers(
            List.of(LocalDriver.directoriesOnly(), server.factory()),
            new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {})),
        Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
        Secrets.NONE);
  }

  private void create(String name) {
    new Volumes(services())
        .create(
            new VolumeRequest(
                new VolumeName(name), "server", Options.NONE, Labels.NONE, Ownership.DEFAULT));
  }

  private void snapshot(SnapshotName name) {
    new Snapshotting(services(), new PortableFileTrees())
        .create(new SnapshotRequest("db", Optional.of(name), Optional.empty(), false));
  }

  private void copy(String name) {
    new Cloning(services(), new PortableFileTrees()).clone(VolumeAt.parse("db"), name, Labels.NONE);
  }

  private void remove(String name) {
    new Volumes(services())
        .remove(name, Removal.Mode.NORMAL, Removal.Adopted.KEEP, Removal.OwnSnapshots.DELETE);
  }

  private void kill(Runnable command) {
    server.kills = true;
    assertThatThrownBy(command::run).isInstanceOf(Killed.class);
    server.kills = false;
  }

  private List<Path> staged() throws IOException {
    try (Stream<Path> entries = Files.list(layout.root().resolve("staging"))) {
      return entries.toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "clone", "snapshot"})
  void the_next_command_undoes_what_a_killed_one_made(String command) throws IOException {
    create("db");
    Map<String, Runnable> killed =
        Map.of(
            "create", () -> create("killed"),
            "clone", () -> copy("killed"),
            "snapshot", () -> snapshot(ONE));
    List<Runnable> commands =
        List.of(() -> create("next"), () -> copy("other"), () -> remove("next"));
    for (Runnable next : commands) {
      kill(Objects.requireNonNull(killed.get(command)));
      int left = server.kept.size();
      assertThat(staged()).hasSize(1);

      int volumes = new Volumes(services()).names().size();
      next.run();
      int more = new Volumes(services()).names().size() - volumes;
      assertThat(server.kept).hasSize(left - 1 + more);
      assertThat(staged()).isEmpty();
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void what_a_silent_server_still_has_is_reported_and_removed_later() throws IOException {
    create("db");
    kill(() -> create("killed"));
    server.silent = true;
    create("other");

    assertThat(warnings)
        .containsExactly(
            "cannot remove what a killed command left of killed: test db: the server is silent");
    assertThat(staged()).hasSize(1);
    server.silent = false;
    remove("other");
    assertThat(staged()).isEmpty();
    assertThat(server.kept).hasSize(1);
  }

  @Test
  void a_command_for_another_driver_does_not_wait_for_the_server() throws IOException {
    kill(() -> create("killed"));
    server.silent = true;
    var _ = new Volumes(services()).create(VolumeRequest.named(new VolumeName("plain")));

    assertThat(warnings).isEmpty();
    assertThat(staged()).hasSize(1);
    remove("plain");
    assertThat(warnings).isEmpty();
    assertThat(staged()).hasSize(1);
  }

  @Test
  void the_driver_of_a_damaged_volume_is_unknown_so_no_server_is_asked() throws IOException {
    create("db");
    kill(() -> create("killed"));
    server.silent = true;
    Files.writeString(layout.home(new VolumeName("db")).file("volume.json"), "{");

    new Volumes(services()).remove("db", Removal.Mode.FORCE);

    assertThat(warnings).isEmpty();
    assertThat(staged()).hasSize(1);
  }

  @Test
  void snapshots_are_discarded_when_they_or_their_volume_are_removed() throws IOException {
    create("db");
    snapshot(ONE);
    assertThat(server.kept).hasSize(2);
    new Snapshotting(services(), new PortableFileTrees()).remove("db", ONE);
    assertThat(server.kept).hasSize(1);

    snapshot(ONE);
    remove("db");
    assertThat(server.kept).isEmpty();
    assertThat(staged()).isEmpty();
  }

  @Test
  void a_note_about_an_existing_volume_deletes_nothing_of_it() throws IOException {
    create("db");
    kill(() -> create("killed"));
    Path note = staged().getFirst().resolve("unfinished.json");
    Volume db = services().registry().get("test", new VolumeName("db"));
    String killed =
        server.kept.stream().filter(id -> !id.equals(Server.id(db))).findAny().orElseThrow();
    Files.writeString(note, Files.readString(note).replace(killed, Server.id(db)));

    create("other");
    assertThat(server.kept).contains(Server.id(db));
    assertThat(staged()).isEmpty();
  }

  private static final PoolName POOL = new PoolName("disk");

  private Path disk() {
    return layout.root().resolveSibling("disk");
  }

  private void createInPool(String name) {
    new Volumes(services())
        .create(
            new VolumeRequest(
                    new VolumeName(name), "server", Options.NONE, Labels.NONE, Ownership.DEFAULT)
                .in(Optional.of(POOL)));
  }

  @Test
  void what_was_being_made_in_a_pool_is_undone_as_well() {
    services().registry().pools().add(POOL, disk());
    kill(() -> createInPool("killed"));
    create("other");
    assertThat(server.kept).hasSize(1);
    assertThat(disk().resolve("staging")).isEmptyDirectory();
    create("next");
    assertThat(layout.root().resolve("unfinished")).isEmptyDirectory();
  }

  @Test
  void a_note_that_came_with_the_disk_of_a_pool_deletes_nothing_on_a_server() throws IOException {
    services().registry().pools().add(POOL, disk());
    kill(() -> createInPool("killed"));
    Path staging = disk().resolve("staging");
    try (Stream<Path> homes = Files.list(staging)) {
      Files.move(homes.findAny().orElseThrow(), staging.resolve("00.0123456789abcdef"));
    }
    create("other");
    assertThat(server.kept).hasSize(2);
    assertThat(staging).isEmptyDirectory();
  }

  @Test
  void a_note_that_a_newer_version_wrote_stops_nothing() throws IOException {
    kill(() -> create("killed"));
    Path note = staged().getFirst().resolve("unfinished.json");
    Files.writeString(note, Files.readString(note).replace("\"schema\":1", "\"schema\":9"));

    create("other");
    assertThat(staged()).hasSize(1);
  }

  @Test
  void finished_work_leaves_no_note() throws IOException {
    create("db");
    snapshot(ONE);

    try (Stream<Path> all = Files.walk(layout.root())) {
      assertThat(all).noneMatch(path -> path.endsWith("unfinished.json"));
    }
  }
}
