package dev.keg.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsNamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "con",
        "NUL",
        "Prn",
        "aux",
        "com1",
        "LPT9",
        "com0",
        "com¹",
        "conin$",
        "con.json",
        "nul.tar.gz",
        "aux .x"
      })
  void the_names_of_devices_are_reserved(String name) {
    assertThat(WindowsNames.whyUnusable(name)).contains("Windows reserves this name for a device");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1.", "con.", ".", "db "})
  void what_windows_drops_cannot_end_a_name(String name) {
    assertThat(WindowsNames.whyUnusable(name)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "db", "console", "com", "com10", "lpt", "x.con", "con-1", "nul_", "v1.0"})
  void other_names_are_free(String name) {
    assertThat(WindowsNames.whyUnusable(name)).isEmpty();
  }
}
