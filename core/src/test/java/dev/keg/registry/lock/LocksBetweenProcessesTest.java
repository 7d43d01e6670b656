package dev.keg.registry.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.BackupException.BeingRestored;
import dev.keg.error.HolderException.SnapshotInUse;
import dev.keg.error.MoveException.BeingMoved;
import dev.keg.registry.OtherProcess;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The kernel tells which locks another process has, and releases them when it is killed. */
@Timeout(60)
class LocksBetweenProcessesTest {
  private static final VolumeName DB = new VolumeName("db");

  @TempDir Path directory;

  /** Another process: takes every lock of the volume, reports it, and waits. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      VolumeHome home = new VolumeHome(Path.of(args[0]));
      askForEver(Path.of(args[0], "asked"));
      Viewers viewers = new Viewers();
      viewers.join(home);
      viewers.own(home);
      try (MoveLock _ = MoveLock.take("move", DB, home);
          MoveLock _ = MoveLock.hold("move", DB, home);
          RestoreLock _ = RestoreLock.take("restore", DB, home);
          SnapshotLock _ = SnapshotLock.share(home);
          CopyLock _ = CopyLock.share(home, () -> {})) {
        // A process may ask for what it has itself.
        if (!MoveLock.isTaken(home) || MoveLock.isHeld(home)) {
          throw new IllegalStateException("not taken");
        }
        SnapshotLock.share(home).close();
        CopyLock.share(home, () -> {}).close();
        CopyLock.ifFree(home, () -> {});
        assertThatThrownBy(() -> SnapshotLock.requireFree("snapshot rm", "db@one", home))
            .isInstanceOf(SnapshotInUse.class);
        System.out.println("locked");
        System.in.read();
      }
    }
  }

  // As a command that asks whether somebody has the locks does for a moment.
  private static void askForEver(Path home) throws IOException {
    Files.createDirectory(home);
    for (String name : List.of("move.lock", "restore.lock")) {
      FileChannel file =
          FileChannel.open(
              home.resolve(name),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      var _ = file.lock(0, Long.MAX_VALUE, true);
    }
  }

  @Test
  void the_locks_of_another_process_hold_until_it_is_killed() throws Exception {
    VolumeHome home = new VolumeHome(directory);
    List<String> done = new ArrayList<>();
    Viewers viewers = new Viewers();
    Process other = OtherProcess.holder(Holder.class, directory);
    try {
      assertThat(MoveLock.isTaken(home)).isTrue();
      assertThat(MoveLock.isHeld(home)).isTrue();
      assertThatThrownBy(() -> MoveLock.take("move", DB, home)).isInstanceOf(BeingMoved.class);
      assertThatThrownBy(() -> RestoreLock.take("restore", DB, home))
          .isInstanceOf(BeingRestored.class);
      assertThatThrownBy(() -> SnapshotLock.requireFree("snapshot rm", "db@one", home))
          .isInstanceOf(SnapshotInUse.class);
      VolumeHome asked = new VolumeHome(directory.resolve("asked"));
      assertThat(MoveLock.isTaken(asked)).as("by another one that asks").isFalse();
      RestoreLock.requireFree("mount", DB, asked);
      SnapshotLock.share(home).close();
      CopyLock.ifFree(home, () -> done.add("alone"));
      CopyLock.share(home, () -> done.add("alone")).close();
      viewers.join(home);
      assertThat(viewers.leave(home)).as("the other one still looks").isFalse();
    } finally {
      other.destroyForcibly().waitFor();
    }

    assertThat(done).isEmpty();
    assertThat(MoveLock.isTaken(home)).isFalse();
    assertThat(MoveLock.isHeld(home)).isFalse();
    RestoreLock.take("restore", DB, home).close();
    SnapshotLock.requireFree("snapshot rm", "db@one", home);
    CopyLock.share(home, () -> done.add("alone")).close();
    assertThat(done).containsExactly("alone");
    viewers.join(home);
    assertThat(viewers.leave(home)).as("of those for whom the mount was made").isTrue();
  }
}
