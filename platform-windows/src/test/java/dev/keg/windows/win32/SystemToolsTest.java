package dev.keg.windows.win32;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class SystemToolsTest {
  @Test
  void a_program_that_is_missing_is_told() {
    assertThatThrownBy(() -> new SystemTools().run("no-such-program.exe", "/L"))
        .isInstanceOf(Win32Exception.class)
        .hasMessage("run no-such-program.exe: this version of Windows lacks it");
  }
}
