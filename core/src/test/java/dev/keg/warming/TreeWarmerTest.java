package dev.keg.warming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.file.Throttle;
import dev.keg.tree.ByteString;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "only an administrator may make links there")
class TreeWarmerTest {
  @TempDir Path root;

  private final AtomicLong read = new AtomicLong();
  private final TreeWarmer warmer =
      new TreeWarmer(
          new PortableFileTrees(),
          Throttle.NONE,
          new TreeListener() {
            @Override
            public void advanced(long bytes) {
              read.addAndGet(bytes);
            }

            @Override
            public void note(TreePath path, Note note, String text) {}
          });

  @BeforeEach
  void a_tree() throws IOException {
    Files.createDirectories(root.resolve("data/deep/er"));
    Files.writeString(root.resolve("outside"), "secret");
    Files.writeString(root.resolve("data/a"), "x".repeat(300_000));
    Files.writeString(root.resolve("data/deep/er/b"), "12345");
    Files.createLink(root.resolve("data/again"), root.resolve("data/a"));
    Files.createSymbolicLink(root.resolve("data/out"), root.resolve("outside"));
    Files.createSymbolicLink(root.resolve("data/up"), Path.of(".."));
    Files.createSymbolicLink(root.resolve("data/in"), Path.of("deep/er"));
  }

  private Optional<Warmed> warm(String path) {
    return warmer.warm(root.resolve("data"), ByteString.utf8(path));
  }

  @Test
  void each_file_is_read_once_and_no_link_is_followed() {
    Warmed warmed = warm("").orElseThrow();

    assertThat(warmed.files()).isEqualTo(2);
    assertThat(warmed.size()).isEqualTo(new Size(300_005));
    assertThat(read).hasValue(300_005);
    assertThat(warmed.before()).isEmpty();
    assertThat(warmed.problems()).isEmpty();
  }

  @Test
  void a_directory_and_a_file_can_be_named_also_by_a_link_inside() {
    assertThat(warm("deep").orElseThrow().size()).isEqualTo(new Size(5));
    assertThat(warm("/deep/er/b").orElseThrow().size()).isEqualTo(new Size(5));
    assertThat(warm("in/b").orElseThrow().size()).isEqualTo(new Size(5));
  }

  @Test
  void what_is_not_there_or_outside_is_nothing() {
    assertThat(warm("nope")).isEmpty();
    assertThat(warm("out")).isEmpty();
    assertThat(warm("../outside")).isEmpty();
  }

  @Test
  void many_files_are_all_read() throws IOException {
    Path many = Files.createDirectory(root.resolve("data/many"));
    for (int i = 0; i < 3000; i++) {
      Files.createFile(many.resolve("f" + i));
    }

    assertThat(warm("many").orElseThrow().files()).isEqualTo(3000);
  }

  @Test
  void an_interruption_ends_it_and_stays_known() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> warm("")).isInstanceOf(CancellationException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("keg-warm"));
  }
}
