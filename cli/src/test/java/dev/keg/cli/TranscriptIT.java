package dev.keg.cli;

import dev.keg.fixtures.condition.NativeBinary;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.transcript.ProcessRunner;
import dev.keg.fixtures.transcript.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Plays the same transcripts against the built program: the jar by its launcher, and the native
 * binary.
 */
class TranscriptIT {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** Enough to show that the jar is complete; every transcript is also played in process. */
  private static final Set<String> OF_THE_JAR =
      Set.of("export-import.txt", "first-hour.txt", "info.txt");

  @TempDir private Path directory;

  @TestFactory
  @Execution(ExecutionMode.CONCURRENT)
  Stream<DynamicTest> the_jar() throws Exception {
    return play(List.of(BuiltProgram.onJava(directory)))
        .filter(test -> OF_THE_JAR.contains(test.getDisplayName()));
  }

  @TestFactory
  @NeedsNative
  Stream<DynamicTest> the_native_binary() throws IOException {
    return play(List.of(NativeBinary.find().orElseThrow().toString()));
  }

  private Stream<DynamicTest> play(List<String> program) throws IOException {
    return Transcript.each(
        TranscriptTest.TRANSCRIPTS,
        transcript -> {
          Path root = Files.createTempDirectory(directory, "root").resolve("keg");
          transcript.play(
              new ProcessRunner(program, Map.of("KEG_ROOT", root.toString(), "TZ", "UTC"), LIMIT),
              Map.of("ROOT", root.toString()));
        });
  }
}
