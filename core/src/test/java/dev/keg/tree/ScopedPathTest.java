package dev.keg.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.RegistryException.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopedPathTest {
  private final Path root =
      Jimfs.newFileSystem(Configuration.unix()).getPath("/volumes/db").toAbsolutePath();

  @BeforeEach
  void make() throws IOException {
    Files.createDirectories(root.resolve("dir/sub"));
    Files.createDirectories(root.resolve("../../etc"));
    Files.writeString(root.resolve("dir/file"), "x");
    link("out", "../../../etc/shadow");
    link("absolute", "/dir");
    link("dir/up", "..");
    link("dir/sub/chain", "/absolute/sub");
    link("dangling", "dir/none");
    link("loop", "loop");
  }

  private void link(String name, String target) throws IOException {
    Path link = root.resolve(name);
    Files.createSymbolicLink(link, link.getFileSystem().getPath(target));
  }

  private String resolve(String path, boolean follow) {
    try (FileTree tree = new PortableFileTrees().read(root)) {
      return ScopedPath.resolve(tree, ByteString.utf8(path), follow).toString();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', .",
    "/, .",
    "., .",
    "dir/file, dir/file",
    "//dir//./file/, dir/file",
    "../../../dir, dir",
    "dir/sub/../file, dir/file",
    "none/of/it, none/of/it",
    "out, etc/shadow",
    "absolute, dir",
    "absolute/file, dir/file",
    "/dir/up/dir/file, dir/file",
    "dir/sub/chain/file, dir/sub/file",
    "dangling, dir/none"
  })
  void links_and_dots_stay_in_the_tree(String path, String found) {
    assertThat(resolve(path, true)).isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource({"out, out", "absolute/file, dir/file", "absolute/up, dir/up", "loop, loop"})
  void a_link_at_the_end_may_be_meant_itself(String path, String found) {
    assertThat(resolve(path, false)).isEqualTo(found);
  }

  @Test
  void a_link_to_itself_has_no_end() {
    assertThatThrownBy(() -> resolve("loop/x", false))
        .isInstanceOf(FileFailure.class)
        .hasMessageContaining("too many levels of symbolic links");
  }
}
