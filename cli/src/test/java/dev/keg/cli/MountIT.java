package dev.keg.cli;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NativeBinary;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.transcript.CommandRunner;
import dev.keg.fixtures.transcript.ProcessRunner;
import dev.keg.fixtures.transcript.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Plays the mounting transcripts with the kernel of this machine. */
@NeedsRoot
class MountIT {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** Enough to show that the jar can mount; every transcript is also played in process. */
  private static final String OF_THE_JAR = "tune.txt";

  @RegisterExtension static final MachineState MACHINE = new MachineState();

  @TestFactory
  Stream<DynamicTest> the_jar() throws Exception {
    String launcher = BuiltProgram.onJava(Files.createTempDirectory(MACHINE.directory(), "java"));
    return play(variables -> new ProcessRunner(List.of(launcher), variables, LIMIT))
        .filter(test -> test.getDisplayName().equals(OF_THE_JAR));
  }

  @TestFactory
  Stream<DynamicTest> in_this_process() throws IOException {
    return play(MachineKeg::new).filter(test -> test.getDisplayName().equals("mount.txt"));
  }

  @TestFactory
  @NeedsNative
  Stream<DynamicTest> the_native_binary() throws IOException {
    List<String> program = List.of(NativeBinary.find().orElseThrow().toString());
    return play(variables -> new ProcessRunner(program, variables, LIMIT));
  }

  private static Stream<DynamicTest> play(Function<Map<String, String>, CommandRunner> keg)
      throws IOException {
    return Transcript.each(
        TranscriptTest.MOUNTING,
        transcript -> {
          Path directory = Files.createTempDirectory(MACHINE.directory(), "mounting");
          Path root = directory.resolve("keg");
          TranscriptTest.prepare(directory);
          transcript.play(
              keg.apply(Map.of("KEG_ROOT", root.toString())),
              Map.of("ROOT", root.toString(), "DIR", directory.toString()));
        });
  }
}
