package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.DirectorySync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class LinuxDirectorySyncTest {
  private final LinuxDirectorySync sync = new LinuxDirectorySync();

  @Test
  void a_whole_file_system_is_synced(@TempDir Path directory) {
    assertThat(sync.syncAll(directory)).isTrue();
  }

  @Test
  void directories_are_distinguished_from_everything_else(@TempDir Path directory)
      throws IOException {
    Files.createDirectory(directory.resolve("a"));
    Files.createDirectory(directory.resolve("bö"));
    Files.createFile(directory.resolve("file"));
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("a"));
    assertThat(sync.directories(directory))
        .containsExactlyInAnyOrder("a", "bö")
        .containsExactlyInAnyOrderElementsOf(DirectorySync.NONE.directories(directory));
  }

  @Test
  void a_missing_directory_has_no_list(@TempDir Path directory) {
    Path gone = directory.resolve("gone");
    assertThatThrownBy(() -> sync.directories(gone))
        .isInstanceOf(FileFailure.class)
        .hasMessageContaining(gone.toString());
  }

  @Test
  void what_is_missing_is_reported(@TempDir Path directory) {
    Path gone = directory.resolve("gone");
    assertThatThrownBy(() -> sync.syncAll(gone))
        .isInstanceOf(FileFailure.class)
        .hasMessageContaining(gone.toString());
  }
}
