package dev.keg.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WindowsMountTableTest {
  @TempDir Path directory;

  @Test
  void a_directory_with_a_volume_on_it_is_mounted() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));

    assertThat(new WindowsMountTable(data::equals).isMounted(data.toString())).isTrue();
    assertThat(new WindowsMountTable().isMounted(data.toString())).isFalse();
    assertThat(new WindowsMountTable().isMounted(data.resolve("gone").toString())).isFalse();
  }

  @Test
  void a_share_is_mounted_as_long_as_it_is_recorded() {
    assertThat(new WindowsMountTable().isMounted("\\\\server\\share")).isTrue();
  }
}
