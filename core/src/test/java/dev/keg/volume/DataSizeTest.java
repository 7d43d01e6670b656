package dev.keg.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSizeTest {
  @Test
  void counts_apparent_bytes_each_inode_once_and_links_by_their_length(@TempDir Path directory)
      throws IOException {
    Path file = Files.write(directory.resolve("file"), new byte[1000]);
    Files.createLink(directory.resolve("same"), file);
    Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
    Files.write(Files.createDirectory(directory.resolve("below")).resolve("more"), new byte[24]);

    assertThat(DataSize.of(directory)).isEqualTo(new Size(1000 + "nowhere".length() + 24));
  }

  @Test
  void nothing_is_nothing(@TempDir Path directory) throws IOException {
    assertThat(DataSize.of(directory.resolve("gone"))).isEqualTo(Size.ZERO);
  }
}
