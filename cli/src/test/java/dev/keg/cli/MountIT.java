package dev.keg.cli;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NativeBinary;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsRoot;
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
import org.junit.jupiter.api.extension.RegisterExtension;

/** Plays the mounting transcripts against the built program and the kernel of this machine. */
@NeedsRoot
class MountIT {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** Enough to show that the jar can mount; every transcript is also played in process. */
  private static final Set<String> OF_THE_JAR = Set.of("mount.txt", "tune.txt");

  @RegisterExtension static final MachineState MACHINE = new MachineState();

  @TestFactory
  Stream<DynamicTest> the_jar() throws Exception {
    return play(List.of(
            BuiltProgram.onJava(Files.createTempDirectory(MACHINE.directory(), "java"))))
        .filter(test -> OF_THE_JAR.contains(test.getDisplayName()));
  }

  @TestFactory
  @NeedsNative
  Stream<DynamicTest> the_native_binary() throws IOException {
    return play(List.of(NativeBinary.find().orElseThrow().toString()));
  }

  private static Stream<DynamicTest> play(List<String> program) throws IOException {
    return Transcript.each(
        TranscriptTest.MOUNTING,
        transcript -> {
          Path directory = Files.createTempDirectory(MACHINE.directory(), "mounting");
          Path root = directory.resolve("keg");
          TranscriptTest.prepare(directory);
          transcript.play(
              new ProcessRunner(program, Map.of("KEG_ROOT", root.toString()), LIMIT),
              Map.of("ROOT", root.toString(), "DIR", directory.toString()));
        });
  }
}
