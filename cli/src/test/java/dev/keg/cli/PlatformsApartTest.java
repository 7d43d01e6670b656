package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Both platforms are installed everywhere. A library is loaded with the class that binds it, so no
 * class of the other system may be loaded.
 */
final class PlatformsApartTest {
  @TempDir Path dir;

  /** Several commands in one process. */
  static final class Several {
    private Several() {}

    public static void main(String... commands) {
      for (String command : commands) {
        Main.main(command.split(" ", -1));
      }
    }
  }

  @Test
  void linux_loads_no_windows_bindings() throws Exception {
    assertThat(loaded("Linux", "create db", "drivers", "info"))
        .contains("dev.keg.linux.LinuxPlatform")
        .noneMatch(type -> type.startsWith("dev.keg.windows.win32.dll."));
  }

  /** Other commands would look for the libraries of Windows, which are missing here. */
  @Test
  void windows_loads_no_linux_bindings() throws Exception {
    assertThat(loaded("Windows 11", "ls", "drivers"))
        .contains("dev.keg.windows.WindowsPlatform")
        .doesNotContain("dev.keg.linux.kernel.CLibrary")
        .noneMatch(type -> type.startsWith("com.sun.jna."));
  }

  /** The classes that these commands load if the system has this name. */
  private List<String> loaded(String system, String... commands)
      throws IOException, InterruptedException {
    Path log = dir.resolve("loaded");
    List<String> java =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dos.name=" + system,
                "-Xlog:class+load:file=" + log + ":none",
                "-cp",
                System.getProperty("java.class.path"),
                Several.class.getName()));
    java.addAll(List.of(commands));
    File said = dir.resolve("said").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(java).redirectErrorStream(true).redirectOutput(said);
    builder.environment().put("KEG_ROOT", dir.resolve("root").toString());
    int exit = builder.start().waitFor();
    assertThat(exit).as(Files.readString(said.toPath())).isZero();
    return Files.readAllLines(log).stream()
        .map(line -> line.split(" ", 2)[0])
        .filter(type -> type.matches("(dev\\.keg\\.(linux|windows)|com\\.sun\\.jna)\\..*"))
        .toList();
  }
}
