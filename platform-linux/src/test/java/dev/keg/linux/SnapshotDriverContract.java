package dev.keg.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.keg.driver.MountRequest;
import dev.keg.driver.Snapshots;
import dev.keg.driver.VolumeDriver;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

/** The contract of every driver with snapshots, in addition to that of every driver. */
public abstract class SnapshotDriverContract extends LinuxDriverContract {
  @Test
  void a_snapshot_that_fails_anywhere_leaves_the_volume_as_it_was() throws IOException {
    Subject db = create("db");
    if (isMadeMounted()) {
      mount(db);
    }
    SortedSet<String> before = world().standing();
    for (int call = 1; call < ENDLESS; call++) {
      VolumeHome snapshot = snapshotHome(db);
      world().faults().failAt(call);
      Throwable failure =
          catchThrowable(() -> snapshots().snapshot(db.volume(), db.home(), snapshot));
      boolean fired = world().faults().fired();
      world().faults().heal();
      expectTold(failure, call);
      assertThat(world().standing()).as("after failure %d", call).isEqualTo(before);
      snapshots().discard(db.volume(), snapshot);
      delete(snapshot.path());
      if (!fired) {
        unmount(db);
        return;
      }
    }
    throw new AssertionError("a snapshot is endless");
  }

  @Test
  void a_snapshot_is_shown_beside_the_volume_and_hidden_when_it_is_closed() throws IOException {
    Snapshots driver = snapshots();
    Subject db = create("db");
    VolumeHome home = snapshotHome(db);
    if (isMadeMounted()) {
      mount(db);
    }
    driver.snapshot(db.volume(), db.home(), home);
    mount(db);
    SortedSet<String> before = world().standing();
    MountRequest request = new MountRequest(db.volume(), home, optionsOf(db.volume()), secrets());

    for (int call = 1; call < ENDLESS; call++) {
      world().faults().failAt(call);
      Throwable failure = catchThrowable(() -> snapshots().show(request).close());
      boolean fired = world().faults().fired();
      world().faults().heal();
      expectTold(failure, call);
      assertThat(world().standing()).as("after failure %d", call).isEqualTo(before);
      if (!fired) {
        unmount(db);
        return;
      }
    }
    throw new AssertionError("showing is endless");
  }

  /** Whether a snapshot can be made while the volume is mounted. */
  protected boolean isMadeMounted() {
    return true;
  }

  /** Whether a snapshot's file system is repaired before it is shown. */
  protected boolean isPutInOrder() {
    return true;
  }

  /** A second process would wait; in this one, a lock that is held is an error. */
  @Test
  void one_command_at_a_time_shows_a_snapshot() throws IOException {
    Subject db = create("db");
    VolumeHome home = snapshotHome(db);
    snapshots().snapshot(db.volume(), db.home(), home);
    MountRequest request = new MountRequest(db.volume(), home, optionsOf(db.volume()), secrets());

    try (FileChannel channel =
            FileChannel.open(
                home.file("shown.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      if (isPutInOrder()) {
        assertThatThrownBy(() -> snapshots().show(request))
            .isInstanceOf(OverlappingFileLockException.class);
      } else {
        snapshots().show(request).close();
      }
    }
    snapshots().show(request).close();
  }

  protected final Snapshots snapshots() {
    VolumeDriver driver = open();
    assertThat(driver).isInstanceOf(Snapshots.class);
    return (Snapshots) driver;
  }

  protected static VolumeHome snapshotHome(Subject subject) throws IOException {
    Path snapshots = Files.createDirectories(subject.home().file("snapshots"));
    return new VolumeHome(Files.createDirectory(snapshots.resolve("one")));
  }
}
