package dev.keg.registry.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewersTest {
  @TempDir Path directory;
  private VolumeHome home;
  private final Viewers viewers = new Viewers();

  @BeforeEach
  void make() {
    home = new VolumeHome(directory);
  }

  private Path file() {
    return directory.resolve("view.lock");
  }

  /** Whether nobody looks; another channel of this process meets the lock, too. */
  private boolean isFree() throws IOException {
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  @Test
  void the_last_of_those_for_whom_a_mount_was_made_unmounts() throws IOException {
    viewers.join(home);
    viewers.own(home);
    viewers.join(home);
    viewers.join(home);
    assertThat(isFree()).isFalse();

    assertThat(viewers.leave(home)).isFalse();
    assertThat(viewers.leave(home)).isFalse();
    assertThat(isFree()).isFalse();
    assertThat(viewers.leave(home)).isTrue();

    assertThat(isFree()).isTrue();
    assertThat(file()).as("the next ones have not made the mount").isEmptyFile();
  }

  @Test
  void an_existing_mount_stays() {
    viewers.join(home);

    assertThat(viewers.leave(home)).isFalse();
  }

  @Test
  void a_mount_that_became_the_operators_stays() {
    viewers.join(home);
    viewers.own(home);
    viewers.disown(home);

    assertThat(viewers.leave(home)).isFalse();
  }

  @Test
  void a_command_that_does_not_look_itself_takes_the_mount_for_the_operator() throws IOException {
    Files.write(file(), new byte[1]);

    viewers.disown(home);

    assertThat(file()).isEmptyFile();
  }

  @Test
  void nothing_is_recorded_where_nobody_looks() {
    viewers.own(home);
    viewers.disown(home);

    assertThat(file()).doesNotExist();
    assertThatThrownBy(() -> viewers.leave(home))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("nobody looks at " + file());
  }

  @Test
  void a_viewer_after_the_last_one_has_left_is_the_first() {
    viewers.join(home);
    viewers.own(home);
    assertThat(viewers.leave(home)).isTrue();

    viewers.join(home);
    assertThat(viewers.leave(home)).isFalse();
  }

  @Test
  void the_viewers_of_each_volume_are_counted_on_their_own() throws IOException {
    VolumeHome other = new VolumeHome(Files.createDirectory(directory.resolve("other")));
    viewers.join(home);
    viewers.own(home);
    viewers.join(other);

    assertThat(viewers.leave(other)).isFalse();
    assertThat(viewers.leave(home)).isTrue();
  }

  /** In this process, the lock of somebody else is an error, and leaves nothing open. */
  @Test
  void a_lock_that_cannot_be_had_leaves_nobody_looking() throws IOException {
    try (FileChannel channel =
        FileChannel.open(file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(channel.tryLock()).isNotNull();
      assertThatThrownBy(() -> viewers.join(home)).isInstanceOf(OverlappingFileLockException.class);
    }
    assertThatThrownBy(() -> viewers.leave(home)).isInstanceOf(IllegalStateException.class);
    VolumeHome gone = new VolumeHome(directory.resolve("gone"));
    assertThatThrownBy(() -> viewers.join(gone))
        .isInstanceOf(FileFailure.class)
        .hasMessageStartingWith("lock: ");
  }
}
