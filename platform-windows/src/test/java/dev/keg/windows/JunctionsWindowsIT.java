package dev.keg.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.registry.TreeDeletion;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Links of Windows that everybody may make, and that Java takes for directories. */
@EnabledOnOs(value = OS.WINDOWS, disabledReason = "it needs Windows")
final class JunctionsWindowsIT {
  @TempDir Path directory;

  @Test
  void what_a_junction_leads_to_is_not_deleted_with_it() throws Exception {
    Path precious = Files.createDirectory(directory.resolve("precious"));
    Files.writeString(precious.resolve("file"), "precious");
    Path volume = Files.createDirectory(directory.resolve("volume"));
    Process link =
        new ProcessBuilder(
                "cmd", "/c", "mklink", "/J", volume.resolve("link").toString(), precious.toString())
            .inheritIO()
            .start();
    assertThat(link.waitFor()).isZero();

    TreeDeletion.delete(volume);

    assertThat(volume).doesNotExist();
    assertThat(precious.resolve("file")).hasContent("precious");
  }
}
