package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.FileFailure;
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
  void what_is_missing_is_told(@TempDir Path directory) {
    Path gone = directory.resolve("gone");
    assertThatThrownBy(() -> sync.syncAll(gone))
        .isInstanceOf(FileFailure.class)
        .hasMessageContaining(gone.toString());
  }
}
