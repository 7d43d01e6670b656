package dev.keg.windows.win32.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PinnedDirectoryTest {
  @ParameterizedTest
  @CsvSource({
    "\\\\?\\C:\\data, C:\\data",
    "\\\\?\\UNC\\files\\projects, \\\\files\\projects",
    "D:\\data, D:\\data"
  })
  void the_path_of_an_open_file_is_one_that_java_takes(String real, String plain) {
    assertThat(PinnedDirectory.plain(real)).isEqualTo(plain);
  }
}
