package dev.keg.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a main method in another process, since a process cannot test its own locks of the kernel,
 * and tests in the same one share its memory.
 */
public final class OtherProcess {
  private OtherProcess() {}

  /** The process, whose output is read. */
  public static Process start(Class<?> main, Path directory) throws IOException {
    return start(List.of(), main, directory.toString());
  }

  /** The same with options for Java. */
  public static Process start(List<String> options, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** The process once it has printed that it has its locks. */
  public static Process holder(Class<?> main, Path directory) throws IOException {
    Process process = start(main, directory);
    assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("locked");
    return process;
  }
}
