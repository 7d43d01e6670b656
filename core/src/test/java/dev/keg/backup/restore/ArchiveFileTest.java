package dev.keg.backup.restore;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveFileTest {
  @TempDir Path directory;

  private Size content(byte[] bytes) throws IOException {
    return new ArchiveFile(Files.write(directory.resolve("archive"), bytes), KeySource.NONE)
        .content();
  }

  @Test
  void a_tar_that_is_not_packed_says_how_much_is_in_it() throws IOException {
    byte[] tar = new byte[10_240];
    System.arraycopy("ustar".getBytes(US_ASCII), 0, tar, 257, 5);

    assertThat(content(tar)).isEqualTo(new Size(10_240));
  }

  @Test
  void of_anything_else_nobody_knows() throws IOException {
    assertThat(content(new byte[10_240])).isEqualTo(Size.ZERO);
    assertThat(content(new byte[3])).isEqualTo(Size.ZERO);
    assertThat(new ArchiveFile(directory, KeySource.NONE).content()).isEqualTo(Size.ZERO);
  }
}
