package dev.keg.copying;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.registry.lock.CopyLock;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadCopiesTest {
  @TempDir Path directory;

  private DeadCopies copies() {
    VolumeHome home = new VolumeHome(directory);
    return new DeadCopies(home, home.data());
  }

  private Path copy(String name) throws IOException {
    Path copy = Files.createDirectory(copies().data().resolve(name));
    Files.writeString(Files.createDirectory(copy.resolve("d")).resolve("file"), "half");
    return copy;
  }

  @BeforeEach
  void make() throws IOException {
    Files.createDirectory(copies().data());
  }

  @Test
  void what_is_left_is_found_and_removed() throws IOException {
    Path one = copy(".keg-cp-1");
    Path other = copy(".keg-cp-ffffffffffffffff");

    assertThat(copies().find()).containsExactly(one, other);
    copies().remove();
    assertThat(copies().data()).isEmptyDirectory();
  }

  @Test
  void a_new_copy_removes_the_remains_of_earlier_ones_only() throws IOException {
    copy(".keg-cp-1");

    try (CopyLock _ = copies().removeAndBegin()) {
      assertThat(copies().data()).isEmptyDirectory();
      copy(".keg-cp-2");
      assertThat(copies().find()).isEmpty();
    }
  }

  @Test
  void other_names_and_files_are_the_users() throws IOException {
    copy(".keg-cp-");
    copy(".keg-cp-xyz");
    copy(".keg-cp-00000000000000000");
    Files.writeString(copies().data().resolve(".keg-cp-3"), "a file");
    Files.createSymbolicLink(copies().data().resolve(".keg-cp-4"), directory);

    assertThat(copies().find()).isEmpty();
    copies().remove();
    assertThat(copies().data()).isDirectoryContaining("glob:**/.keg-cp-3");
    assertThat(directory).isNotEmptyDirectory();
  }
}
