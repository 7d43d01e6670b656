package dev.keg.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Windows accepts long paths only with a prefix. */
final class WideStringTest {
  private static final String LONG = "\\" + "x".repeat(250);

  @ParameterizedTest
  @CsvSource({
    "C:\\data, C:\\data",
    "C:LONG, \\\\?\\C:LONG",
    "\\\\files\\projectsLONG, \\\\?\\UNC\\files\\projectsLONG",
    "\\\\?\\Volume{1}LONG, \\\\?\\Volume{1}LONG",
  })
  void a_long_path_gets_a_prefix(String path, String name) {
    assertThat(WideString.extended(path.replace("LONG", LONG)))
        .isEqualTo(name.replace("LONG", LONG));
  }
}
