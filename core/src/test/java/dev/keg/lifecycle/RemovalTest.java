package dev.keg.lifecycle;

import static dev.keg.lifecycle.TestRoot.DB;
import static dev.keg.lifecycle.TestRoot.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.FakeDriver;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Snapshots;
import dev.keg.driver.Storage;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.HolderException.SnapshotInUse;
import dev.keg.error.PoolException.HasArchive;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.RegistryException.OnOtherHost;
import dev.keg.file.DirectorySync;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.registry.lock.SnapshotLock;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a removal refuses, what it deletes, and what it reverts if it fails. */
class RemovalTest {
  private static final SnapshotName NIGHT = new SnapshotName("night");

  private final Server server = new Server();
  private final TestRoot root = TestRoot.inMemory(server);
  private final Services services = root.open();
  private final Volumes volumes = new Volumes(services);

  /** A driver with snapshots, whose data may be outside of the home. */
  private static final class Server extends FakeDriver implements Snapshots {
    boolean refuses;
    Optional<Path> mountpoint = Optional.empty();
    Optional<Path> storage = Optional.empty();

    Server() {
      super("server");
    }

    @Override
    public void remove(Volume volume, VolumeHome home) {
      if (refuses) {
        throw new DriverFailed("remove", volume.name().text(), "the server refuses");
      }
      super.remove(volume, home);
    }

    @Override
    public Path mountpoint(Volume volume, VolumeHome home) {
      return mountpoint.orElse(home.data());
    }

    @Override
    public Storage storage(Volume volume, VolumeHome home) {
      return Storage.directory(storage.orElse(home.data()));
    }

    @Override
    public void snapshot(Volume volume, VolumeHome home, VolumeHome snapshot) {}

    @Override
    public void discard(Volume volume, VolumeHome snapshot) {
      calls().add("discard " + volume.name() + "@" + snapshot.path().getFileName());
    }

    @Override
    public Shown show(MountRequest request) {
      throw new IllegalStateException("not shown");
    }
  }

  /** Hosts that share the registry. */
  private static final class Hosts extends FakeCatalog {
    boolean here = true;
    boolean answers = true;

    @Override
    public void requireHere(String operation, Volume volume) {
      if (!here) {
        throw new OnOtherHost(operation, volume.name().text(), "there");
      }
    }

    @Override
    public void offer(VolumeName name) {
      super.offer(name);
      if (!answers) {
        throw new OnOtherHost("offer", name.text(), "there");
      }
    }
  }

  private static void keepSnapshot(VolumeRegistry registry, Volume volume) {
    VolumeHome staged = registry.stageBeside(volume.name());
    registry
        .snapshots()
        .publish(
            new Snapshot(volume, NIGHT, TestRoot.NOW, Optional.empty(), false, true, false),
            staged);
  }

  private static void removeWithSnapshots(Volumes volumes, Removal.Mode mode) {
    volumes.remove("db", mode, Removal.Adopted.KEEP, Removal.OwnSnapshots.DELETE);
  }

  @Test
  void a_missing_volume_is_an_error_only_without_force() {
    volumes.create(request("other", "server"));

    assertThatThrownBy(() -> volumes.remove("db", Removal.Mode.NORMAL))
        .isInstanceOf(NotFound.class);
    volumes.remove("db", Removal.Mode.FORCE);

    assertThat(volumes.names()).containsExactly(new VolumeName("other"));
  }

  @ParameterizedTest
  @EnumSource(Removal.Mode.class)
  void what_the_server_refuses_stays(Removal.Mode mode) {
    volumes.create(request("db", "server"));
    server.refuses = true;

    assertThatThrownBy(() -> volumes.remove("db", mode))
        .hasMessage("remove db: the server refuses");

    assertThat(volumes.exists("db")).isTrue();
  }

  @Test
  void snapshots_are_discarded_before_their_volume() {
    keepSnapshot(services.registry(), volumes.create(request("db", "server")).volume());

    removeWithSnapshots(volumes, Removal.Mode.NORMAL);

    assertThat(server.calls())
        .containsExactly("create db", "unmount db", "discard db@night", "remove db");
    assertThat(volumes.names()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Removal.Mode.class)
  void a_volume_stays_while_a_snapshot_of_it_is_mounted(Removal.Mode mode) {
    keepSnapshot(services.registry(), volumes.create(request("db", "server")).volume());
    root.mounts.mount("/keg/volumes/db/snapshots/night/_data");

    assertThatThrownBy(() -> removeWithSnapshots(volumes, mode))
        .isInstanceOf(SnapshotInUse.class)
        .hasMessage("remove db: snapshot is in use - [/keg/volumes/db/snapshots/night/_data]");
    assertThat(volumes.exists("db")).isTrue();
  }

  @Test
  void a_volume_stays_while_a_snapshot_of_it_is_read(@TempDir Path directory) throws IOException {
    Services onDisk = new TestRoot(directory.toRealPath().resolve("root"), server).open();
    Volumes its = new Volumes(onDisk);
    keepSnapshot(onDisk.registry(), its.create(request("db", "server")).volume());

    try (var _ = SnapshotLock.share(onDisk.registry().snapshots().home(DB, NIGHT))) {
      assertThatThrownBy(() -> removeWithSnapshots(its, Removal.Mode.FORCE))
          .isInstanceOf(SnapshotInUse.class)
          .hasMessage("remove db@night: snapshot is in use by another command");
    }
    removeWithSnapshots(its, Removal.Mode.NORMAL);

    assertThat(its.names()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "move.lock, the volume is being moved",
    "restore.lock, a restore of this volume is running",
  })
  void a_volume_stays_while_another_process_replaces_its_data(
      String lock, String why, @TempDir Path directory) throws IOException {
    TestRoot onDisk = new TestRoot(directory.toRealPath().resolve("root"));
    Volumes its = new Volumes(onDisk.open());
    its.create(request("db", ""));

    try (FileChannel other =
        FileChannel.open(
            onDisk.home().file(lock), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(other.tryLock()).isNotNull();
      assertThatThrownBy(() -> its.remove("db", Removal.Mode.FORCE))
          .hasMessage("remove db: " + why);
    }
    its.remove("db", Removal.Mode.NORMAL);

    assertThat(its.names()).isEmpty();
  }

  @Test
  void a_volume_with_the_data_of_archived_ones_stays() throws IOException {
    volumes.create(request("db", ""));
    String repository = root.home().data().resolve("backups").toString();
    services.registry().pools().addArchive(TestRoot.COLD, repository);
    root.record(new VolumeName("archived"), TestRoot.COLD);

    assertThatThrownBy(() -> volumes.remove("db", Removal.Mode.FORCE))
        .isInstanceOf(HasArchive.class);
    assertThat(volumes.exists("db")).isTrue();
  }

  @Test
  void a_volume_on_another_host_is_not_removed() {
    Hosts hosts = new Hosts();
    Volumes shared = new Volumes(root.open(hosts));
    shared.create(request("db", "server"));
    hosts.here = false;

    assertThatThrownBy(() -> shared.remove("db", Removal.Mode.FORCE))
        .isInstanceOf(OnOtherHost.class);

    assertThat(hosts.calls()).containsExactly("publish db ITS_HOST");
    assertThat(server.calls()).containsExactly("create db");
  }

  @Test
  void other_hosts_do_not_see_a_volume_whose_data_is_being_deleted() {
    Hosts hosts = new Hosts();
    Volumes shared = new Volumes(root.open(hosts));
    shared.create(request("db", "server"));
    server.refuses = true;
    assertThatThrownBy(() -> shared.remove("db", Removal.Mode.NORMAL))
        .isInstanceOf(DriverFailed.class)
        .hasNoSuppressedExceptions();
    server.refuses = false;

    shared.remove("db", Removal.Mode.NORMAL);

    assertThat(hosts.calls())
        .containsExactly(
            "publish db ITS_HOST", "withdraw db", "offer db", "withdraw db", "remove [db]");
  }

  @Test
  void a_failure_to_offer_a_volume_again_does_not_hide_why_it_is_not_removed() {
    Hosts hosts = new Hosts();
    Volumes shared = new Volumes(root.open(hosts));
    shared.create(request("db", "server"));
    server.refuses = true;
    hosts.answers = false;

    assertThatThrownBy(() -> shared.remove("db", Removal.Mode.NORMAL))
        .hasMessage("remove db: the server refuses")
        .satisfies(e -> assertThat(e.getSuppressed()).hasExactlyElementsOfTypes(OnOtherHost.class));
  }

  /** It may be at a mount, and in the directory of the host that is mounted there. */
  @Test
  void what_a_killed_restore_left_outside_of_the_home_is_deleted() throws IOException {
    volumes.create(request("db", "server"));
    Path mounted = leftover("/mnt/db");
    Path stored = leftover("/srv/db");
    server.mountpoint = Optional.of(mounted);
    server.storage = Optional.of(stored);
    new RestoreJournal(RegistryLayout.restoreJournal(root.home()), DirectorySync.NONE).stageMade();

    volumes.remove("db", Removal.Mode.NORMAL);

    assertThat(mounted).isEmptyDirectory();
    assertThat(stored).isEmptyDirectory();
  }

  @Test
  void nothing_is_looked_for_if_no_restore_was_killed() throws IOException {
    volumes.create(request("db", "server"));
    Path mounted = leftover("/mnt/db");
    server.mountpoint = Optional.of(mounted);

    volumes.remove("db", Removal.Mode.NORMAL);

    assertThat(mounted.resolve(RestoreJournal.DIRECTORY)).exists();
  }

  private Path leftover(String directory) throws IOException {
    Path data = root.layout.root().resolve(directory);
    Files.createDirectories(data.resolve(RestoreJournal.DIRECTORY).resolve(RestoreJournal.STAGE));
    return data;
  }
}
