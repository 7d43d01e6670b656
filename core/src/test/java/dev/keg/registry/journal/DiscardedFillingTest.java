package dev.keg.registry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.file.DirectorySync;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.journal.RestoreJournal.Phase;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The files of a killed command in a directory that outlives its volume. */
class DiscardedFillingTest {
  private final Path root = Jimfs.newFileSystem(Configuration.unix()).getPath("/").toAbsolutePath();
  private final VolumeHome home = new VolumeHome(root.resolve("home"));
  private final Path inside = root.resolve("data/.keg-restore");

  @BeforeEach
  void make() throws IOException {
    Files.createDirectory(home.path());
    Files.createDirectories(inside.resolve("restore-new/dir"));
  }

  private RestoreJournal journal() {
    return new RestoreJournal(RegistryLayout.restoreJournal(home), DirectorySync.NONE);
  }

  private void phase(Phase phase) {
    journal().write(phase, 0);
  }

  private void discard() {
    RestoreJournal.discardFilling(home, root.resolve("data"));
  }

  @Test
  void what_a_new_volume_was_filled_with_is_deleted() {
    journal().stageMade();
    discard();
    assertThat(root.resolve("data")).isEmptyDirectory();
    discard();
  }

  @Test
  void what_is_not_of_the_command_stays() throws IOException {
    journal().stageMade();
    Files.createDirectory(inside.resolve("restore-old"));
    discard();
    assertThat(inside).isDirectoryContaining("glob:**/restore-old");
    assertThat(inside.resolve("restore-new")).doesNotExist();
  }

  @Test
  void what_another_volume_of_the_same_directory_is_restored_with_stays() throws IOException {
    journal().write(Phase.FILLING, 0);
    discard();
    assertThat(inside.resolve("restore-new/dir")).isDirectory();
    Files.delete(inside.resolve("restore-new/dir"));
    discard();
    assertThat(root.resolve("data")).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "FILLING")
  void what_another_restore_works_with_stays(Phase phase) throws IOException {
    phase(phase);
    discard();
    assertThat(inside.resolve("restore-new/dir")).isDirectory();
    Files.delete(inside.resolve("restore-new/dir"));
    Files.delete(inside.resolve("restore-new"));
    discard();
    assertThat(inside).isDirectory();
  }

  @Test
  void an_unreadable_journal_deletes_nothing() throws IOException {
    Files.writeString(RegistryLayout.restoreJournal(home), "damaged");
    discard();
    assertThat(inside.resolve("restore-new/dir")).isDirectory();
  }

  @Test
  void a_missing_stage_or_a_link_is_not_deleted_into() throws IOException {
    journal().stageMade();
    Path elsewhere = Files.createDirectories(root.resolve("elsewhere/dir")).resolveSibling("");
    Files.delete(inside.resolve("restore-new/dir"));
    Files.delete(inside.resolve("restore-new"));
    Files.createSymbolicLink(inside.resolve("restore-new"), elsewhere);
    discard();
    assertThat(elsewhere.resolve("dir")).isDirectory();
    Files.delete(inside.resolve("restore-new"));
    discard();
    assertThat(root.resolve("data")).isEmptyDirectory();
    Files.createDirectories(elsewhere.resolve("restore-new/dir"));
    Files.createSymbolicLink(inside, elsewhere);
    discard();
    assertThat(elsewhere.resolve("restore-new/dir")).isDirectory();
  }
}
