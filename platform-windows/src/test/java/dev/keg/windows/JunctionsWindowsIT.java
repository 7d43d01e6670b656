package dev.keg.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.file.TreeDeletion;
import dev.keg.tree.FileTree;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.usage.PortableTreeScans;
import dev.keg.usage.TreeMeter;
import dev.keg.volume.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Windows links that everybody may create, and that Java takes for directories. */
@EnabledOnOs(value = OS.WINDOWS, disabledReason = "it needs Windows")
final class JunctionsWindowsIT {
  @TempDir Path directory;

  private Path precious;
  private Path volume;

  @BeforeEach
  void link() throws Exception {
    precious = Files.createDirectory(directory.resolve("precious"));
    Files.writeString(precious.resolve("file"), "precious");
    volume = Files.createDirectory(directory.resolve("volume"));
    Process link =
        new ProcessBuilder(
                "cmd", "/c", "mklink", "/J", volume.resolve("link").toString(), precious.toString())
            .inheritIO()
            .start();
    assertThat(link.waitFor()).isZero();
  }

  @Test
  void what_a_junction_leads_to_is_not_deleted_with_it() throws Exception {
    TreeDeletion.delete(volume);

    assertThat(volume).doesNotExist();
    assertThat(precious.resolve("file")).hasContent("precious");
  }

  @Test
  void what_a_junction_leads_to_is_neither_measured_nor_saved() throws Exception {
    TreePath link = TreePath.parse("link");

    assertThat(TreeMeter.measure(new PortableTreeScans(), volume).size()).isEqualTo(Size.ZERO);
    try (FileTree tree = new PortableFileTrees().read(volume)) {
      assertThat(tree.stat(TreePath.ROOT).orElseThrow().type()).isEqualTo(Stat.Type.DIRECTORY);
      assertThat(tree.stat(link).orElseThrow().type()).isEqualTo(Stat.Type.SYMLINK);
      assertThat(tree.target(link).orElseThrow().toString()).endsWith("precious");
    }
  }
}
