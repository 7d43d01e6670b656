package dev.keg.cli;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NativeBinary;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The program as users have it: the native binary if it is built, otherwise the launcher. */
final class BuiltProgram {
  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH",
          "/usr/bin:/bin",
          "LC_ALL",
          "C.UTF-8",
          "JAVA_HOME",
          System.getProperty("java.home"));

  /** The first use of the launcher builds the JVM's cache. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private BuiltProgram() {}

  static boolean isNative() {
    return NativeBinary.find().isPresent();
  }

  static String path() {
    return NativeBinary.find().orElse(Path.of("keg").toAbsolutePath()).toString();
  }

  /** The launcher with only the jar beside it, ready to start. */
  static String onJava(Path scratch) throws IOException, InterruptedException {
    Path launcher = Path.of("keg").toAbsolutePath();
    if (isNative()) {
      Path target = Files.createDirectories(scratch.resolve("cli/target"));
      Files.copy(Path.of("target/keg-cli.jar"), target.resolve("keg-cli.jar"));
      Files.createSymbolicLink(target.resolve("lib"), Path.of("target/lib").toAbsolutePath());
      launcher = Files.copy(launcher, scratch.resolve("cli/keg"), COPY_ATTRIBUTES);
    }
    Outcome outcome =
        new ProcessRunner(List.of(launcher.toString()), ENVIRONMENT, LIMIT)
            .run(Invocation.of("version"));
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
    return launcher.toString();
  }

  static Outcome run(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), arguments);
  }

  /** With these variables added or replaced. */
  static Outcome run(Map<String, String> more, String... arguments)
      throws IOException, InterruptedException {
    return new ProcessRunner(List.of(path()), ENVIRONMENT, LIMIT)
        .run(new Invocation(List.of(arguments), "", more));
  }

  /**
   * The same for a test that does not need a process of Keg's own: without the native binary, the
   * command runs in this process, since each start of Java takes a third of a second.
   *
   * @param more variables that only Keg reads
   */
  static Outcome runOrCall(Map<String, String> more, String... arguments)
      throws IOException, InterruptedException {
    return isNative()
        ? run(more, arguments)
        : new MachineKeg(ENVIRONMENT).run(new Invocation(List.of(arguments), "", more));
  }

  static Outcome runOrCall(String... arguments) throws IOException, InterruptedException {
    return runOrCall(Map.of(), arguments);
  }
}
