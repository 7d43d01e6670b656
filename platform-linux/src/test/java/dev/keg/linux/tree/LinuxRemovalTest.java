package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class LinuxRemovalTest {
  @TempDir Path root;

  @Test
  void removes_files_and_empty_directories_whatever_their_names() {
    TreePath directory = TreePath.ROOT.child(ByteString.of((byte) 'a', (byte) 0xFE));
    try (LinuxTreeWriter writer = LinuxTreeWriter.into(root, (_, _, _) -> {})) {
      assertThat(writer.directory(directory)).isTrue();
      assertThat(writer.symlink(directory.child(ByteString.utf8("link")), ByteString.utf8("/etc")))
          .isTrue();

      assertThatThrownBy(() -> writer.remove(directory)).isInstanceOf(FileFailure.class);
      writer.remove(directory.child(ByteString.utf8("link")));
      writer.remove(directory);
    }
    assertThat(root).isEmptyDirectory();
  }
}
