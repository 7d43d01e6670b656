package dev.keg.registry.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.HolderException.SnapshotInUse;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotLockTest {
  @TempDir Path directory;

  @Test
  void a_snapshot_that_is_read_is_not_removed() {
    VolumeHome home = new VolumeHome(directory);
    SnapshotLock.requireFree("snapshot rm", "db@one", home);
    try (SnapshotLock _ = SnapshotLock.share(home)) {
      assertThatThrownBy(() -> SnapshotLock.requireFree("snapshot rm", "db@one", home))
          .isInstanceOf(SnapshotInUse.class)
          .hasMessage("snapshot rm db@one: snapshot is in use by another command");
    }
    assertThatCode(() -> SnapshotLock.requireFree("snapshot rm", "db@one", home))
        .doesNotThrowAnyException();
  }

  @Test
  void one_command_may_read_a_snapshot_twice() {
    VolumeHome home = new VolumeHome(directory);
    try (SnapshotLock _ = SnapshotLock.share(home);
        SnapshotLock _ = SnapshotLock.share(home)) {
      assertThatThrownBy(() -> SnapshotLock.requireFree("snapshot rm", "db@one", home))
          .isInstanceOf(SnapshotInUse.class);
    }
  }

  @Test
  void asking_whether_a_snapshot_is_free_neither_creates_nor_keeps_its_lock() {
    VolumeHome home = new VolumeHome(directory);
    SnapshotLock.requireFree("snapshot rm", "db@one", home);
    assertThat(SnapshotLock.file(home)).doesNotExist();
    SnapshotLock.share(home).close();

    SnapshotLock.requireFree("snapshot rm", "db@one", home);

    assertThat(SnapshotLock.file(home)).isEqualTo(directory.resolve("read.lock")).exists();
    assertThatCode(() -> SnapshotLock.share(home).close()).doesNotThrowAnyException();
  }
}
