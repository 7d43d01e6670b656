package dev.keg.windows.win32.system;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.windows.win32.Win32Exception;
import org.junit.jupiter.api.Test;

final class SystemToolsTest {
  @Test
  void a_program_that_is_missing_is_reported() {
    assertThatThrownBy(() -> new SystemTools().run("no-such-program.exe", "/L"))
        .isInstanceOf(Win32Exception.class)
        .hasMessage("run no-such-program.exe: this version of Windows lacks it");
  }
}
