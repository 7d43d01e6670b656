package dev.keg.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Runs a main method in another process, since a process cannot test its own locks of the kernel.
 */
public final class OtherProcess {
  private OtherProcess() {}

  /** The process, whose output is read. */
  public static Process start(Class<?> main, Path directory) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The process once it has printed that it has its locks. */
  public static Process holder(Class<?> main, Path directory) throws IOException {
    Process process = start(main, directory);
    assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("locked");
    return process;
  }
}
