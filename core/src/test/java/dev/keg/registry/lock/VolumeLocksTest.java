package dev.keg.registry.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.BackupException.BeingRestored;
import dev.keg.error.MoveException.BeingMoved;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The locks of a volume while it is moved, restored or copied. */
class VolumeLocksTest {
  private static final VolumeName DB = new VolumeName("db");

  @TempDir Path directory;
  private VolumeHome home;

  @BeforeEach
  void make() {
    home = new VolumeHome(directory);
  }

  /** The lock of somebody else, for all that this process can tell. */
  private FileChannel lockOfOther(String file) throws IOException {
    FileChannel channel =
        FileChannel.open(home.file(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    assertThat(channel.tryLock()).isNotNull();
    return channel;
  }

  @Test
  void one_command_moves_a_volume_at_a_time() {
    assertThat(MoveLock.isTaken(home)).isFalse();
    assertThat(home.file("move.lock")).as("who only asks makes none").doesNotExist();
    try (MoveLock _ = MoveLock.take("move", DB, home)) {
      assertThat(home.file("move.lock")).exists();
      assertThat(MoveLock.isTaken(home)).isTrue();
      assertThatThrownBy(() -> MoveLock.take("move", DB, home))
          .isInstanceOf(BeingMoved.class)
          .hasMessage("move db: the volume is being moved");
    }
    assertThat(MoveLock.isTaken(home)).isFalse();
    assertThat(MoveLock.isTaken(home)).as("nor does asking take it").isFalse();
    MoveLock.take("move", DB, home).close();
  }

  @Test
  void a_held_volume_is_locked_only_for_other_processes() throws IOException {
    assertThat(MoveLock.isHeld(home)).isFalse();
    try (MoveLock _ = MoveLock.hold("move", DB, home)) {
      assertThat(home.file("hold.lock")).exists();
      assertThat(MoveLock.isHeld(home)).as("by another process").isFalse();
      assertThat(MoveLock.isTaken(home)).isFalse();
      assertThatThrownBy(() -> MoveLock.hold("mount", DB, home))
          .isInstanceOf(BeingMoved.class)
          .hasMessage("mount db: the volume is being moved");
    }
    assertThat(MoveLock.isHeld(home)).isFalse();
    try (FileChannel _ = lockOfOther("hold.lock")) {
      assertThat(MoveLock.isHeld(home)).as("no longer this process's own").isTrue();
    }
  }

  @Test
  void one_restore_of_a_volume_runs_at_a_time() {
    RestoreLock.requireFree("mount", DB, home);
    assertThat(home.file("restore.lock")).as("who only asks makes none").doesNotExist();
    try (RestoreLock _ = RestoreLock.take("restore", DB, home)) {
      assertThatThrownBy(() -> RestoreLock.take("restore", DB, home))
          .isInstanceOf(BeingRestored.class)
          .hasMessage("restore db: a restore of this volume is running");
      assertThatThrownBy(() -> RestoreLock.requireFree("mount", DB, home))
          .isInstanceOf(BeingRestored.class)
          .hasMessage("mount db: a restore of this volume is running");
    }
    assertThatCode(() -> RestoreLock.requireFree("mount", DB, home)).doesNotThrowAnyException();
    RestoreLock.take("restore", DB, home).close();
  }

  private final List<String> done = new ArrayList<>();

  @Test
  void only_a_sole_copy_removes_the_remains_of_killed_copies() {
    CopyLock.ifFree(home, () -> done.add("before the first copy"));
    assertThat(home.file("copy.lock")).as("who only asks makes none").doesNotExist();
    try (CopyLock _ = CopyLock.share(home, () -> done.add("first copy"))) {
      assertThat(home.file("copy.lock")).exists();
      CopyLock.ifFree(home, () -> done.add("meanwhile"));
    }
    CopyLock.ifFree(home, () -> done.add("after it"));
    CopyLock.share(home, () -> done.add("next copy")).close();

    assertThat(done)
        .containsExactly("before the first copy", "first copy", "after it", "next copy");
  }

  @Test
  void nobody_shares_while_the_remains_are_removed() {
    CopyLock.share(
            home,
            () -> {
              done.add("alone");
              CopyLock.ifFree(home, () -> done.add("meanwhile"));
            })
        .close();

    assertThat(done).containsExactly("alone");
  }

  @Test
  void a_copy_does_not_share_the_lock_if_removing_remains_fails() {
    assertThatThrownBy(
            () ->
                CopyLock.share(
                    home,
                    () -> {
                      throw new IllegalStateException("the disk is broken");
                    }))
        .hasMessage("the disk is broken");

    CopyLock.ifFree(home, () -> done.add("free"));
    assertThat(done).containsExactly("free");
  }

  /** In this process, a shared lock beside that of somebody else is an error. */
  @Test
  void who_cannot_share_does_nothing_alone() throws IOException {
    try (FileChannel _ = lockOfOther("copy.lock")) {
      assertThatThrownBy(() -> CopyLock.share(home, () -> done.add("alone")))
          .isInstanceOf(OverlappingFileLockException.class);
    }

    assertThat(done).isEmpty();
  }
}
