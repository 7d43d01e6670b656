package dev.keg.lifecycle;

import static dev.keg.lifecycle.TestRoot.DB;
import static dev.keg.lifecycle.TestRoot.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.FakeDriver;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Snapshots;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.HolderException.SnapshotInUse;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.SnapshotException.NoSuchSnapshot;
import dev.keg.file.FileFailures;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.lock.SnapshotLock;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot can be read where its driver can show it, and is not removed meanwhile. */
class ShownSnapshotTest {
  private static final SnapshotName NIGHT = new SnapshotName("night");

  @TempDir Path directory;

  private final Showing showing = new Showing();
  private Services services;

  /** A driver that mounts snapshots. */
  private static final class Showing extends FakeDriver implements Snapshots {
    Optional<String> obstacle = Optional.empty();
    boolean answers = true;

    Showing() {
      super("showing");
    }

    @Override
    public void snapshot(Volume volume, VolumeHome home, VolumeHome snapshot) {}

    @Override
    public Optional<String> whyNotShown(Volume volume, VolumeHome snapshot) {
      return obstacle;
    }

    @Override
    public Shown show(MountRequest request) {
      if (!answers) {
        throw new DriverFailed("show", "db@night", "no answer");
      }
      calls().add("show " + request.home().path().getFileName());
      Path shown = request.home().file("shown");
      return new Shown() {
        @Override
        public Path data() {
          return shown;
        }

        @Override
        public void close() {
          calls().add("close");
        }
      };
    }
  }

  // On disk, where a lock is one.
  @BeforeEach
  void open() throws IOException {
    services =
        new TestRoot(directory.toRealPath().resolve("root"), showing, new FakeDriver("other"))
            .open();
  }

  private void keep(String driver) {
    Volume volume = new Volumes(services).create(request("db", driver)).volume();
    VolumeRegistry registry = services.registry();
    VolumeHome staged = registry.stageBeside(DB);
    FileFailures.run("test", staged.data(), () -> Files.createDirectory(staged.data()));
    registry
        .snapshots()
        .publish(
            new Snapshot(volume, NIGHT, TestRoot.NOW, Optional.empty(), false, true, false),
            staged);
  }

  private ShownSnapshot show() {
    return ShownSnapshot.open(services, "cp", DB, NIGHT);
  }

  private VolumeHome home() {
    return services.registry().snapshots().home(DB, NIGHT);
  }

  private void assertFree() {
    SnapshotLock.requireFree("test", "db@night", home());
  }

  private void assertInUse() {
    assertThatThrownBy(this::assertFree).isInstanceOf(SnapshotInUse.class);
  }

  @Test
  void a_directory_is_read_as_it_is() {
    keep("local");

    try (ShownSnapshot shown = show()) {
      assertThat(shown.data()).isEqualTo(home().data());
      assertThat(shown.volume().name()).isEqualTo(DB);
      assertThat(shown.shown()).isEmpty();
      assertInUse();
    }
    assertFree();
  }

  @Test
  void what_a_driver_shows_disappears_at_the_end() {
    keep("showing");

    try (ShownSnapshot shown = show()) {
      assertThat(shown.data()).isEqualTo(home().file("shown"));
      assertInUse();
      assertThat(showing.calls()).containsExactly("create db", "show night");
    }
    assertThat(showing.calls()).endsWith("close");
    assertFree();
  }

  @Test
  void another_volume_that_gets_the_name_meanwhile_is_not_read() {
    keep("local");
    Volumes volumes = new Volumes(services);
    String id = services.registry().get("test", DB).details().id().text();
    assertThat(volumes.nameOf(id)).contains(DB);
    show().close();

    volumes.remove("db", Removal.Mode.NORMAL, Removal.Adopted.KEEP, Removal.OwnSnapshots.DELETE);
    keep("local");

    assertThatThrownBy(this::show)
        .isInstanceOf(NotFound.class)
        .hasMessage("cp %s: no such volume", id);
  }

  @Test
  void what_is_only_kept_is_not_shown() {
    keep("showing");

    try (ShownSnapshot kept = ShownSnapshot.keep(services, "backup", DB, NIGHT)) {
      assertThat(kept.data()).isEqualTo(home().data());
      assertInUse();
    }
    assertThat(showing.calls()).containsExactly("create db");
  }

  @Test
  void a_snapshot_that_cannot_be_shown_is_free_again() {
    keep("showing");
    showing.obstacle = Optional.of("it has no partition");
    assertThatThrownBy(this::show)
        .isInstanceOf(NotSupported.class)
        .hasMessage(
            "cp db@night: it has no partition; `keg clone db@night NEW` makes a volume of it");
    assertFree();

    showing.obstacle = Optional.empty();
    showing.answers = false;
    assertThatThrownBy(this::show).isInstanceOf(DriverFailed.class);
    assertFree();
  }

  @Test
  void a_driver_without_snapshots_shows_none() {
    keep("other");

    assertThatThrownBy(this::show)
        .isInstanceOf(NotSupported.class)
        .hasMessage("cp db@night: driver 'other' cannot show a snapshot");
    assertFree();
  }

  @Test
  void a_missing_snapshot_is_reported() {
    new Volumes(services).create(request("db", "local"));

    assertThatThrownBy(this::show).isInstanceOf(NoSuchSnapshot.class);
  }
}
