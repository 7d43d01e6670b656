package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Both platforms are installed everywhere. A library is loaded with the class that binds it, so no
 * class of the other system may be loaded.
 */
final class PlatformsApartTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"create db", "drivers", "info"})
  void linux_loads_no_windows_bindings(String command) throws Exception {
    assertThat(loaded("Linux", command))
        .contains("dev.keg.linux.LinuxPlatform")
        .noneMatch(type -> type.startsWith("dev.keg.windows.win32.dll."));
  }

  /** Other commands would look for the libraries of Windows, which are missing here. */
  @ParameterizedTest
  @ValueSource(strings = {"ls", "drivers"})
  void windows_loads_no_linux_bindings(String command) throws Exception {
    assertThat(loaded("Windows 11", command))
        .contains("dev.keg.windows.WindowsPlatform")
        .doesNotContain("dev.keg.linux.kernel.CLibrary")
        .noneMatch(type -> type.startsWith("com.sun.jna."));
  }

  /** The classes that a command loads if the system has this name. */
  private List<String> loaded(String system, String command)
      throws IOException, InterruptedException {
    Path log = dir.resolve("loaded");
    List<String> java =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dos.name=" + system,
                "-Xlog:class+load:file=" + log + ":none",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--root",
                dir.resolve("root").toString()));
    java.addAll(List.of(command.split(" ", -1)));
    File said = dir.resolve("said").toFile();
    int exit =
        new ProcessBuilder(java).redirectErrorStream(true).redirectOutput(said).start().waitFor();
    assertThat(exit).as(Files.readString(said.toPath())).isZero();
    return Files.readAllLines(log).stream()
        .map(line -> line.split(" ", 2)[0])
        .filter(type -> type.matches("(dev\\.keg\\.(linux|windows)|com\\.sun\\.jna)\\..*"))
        .toList();
  }
}
