package dev.keg.cli;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.cli.session.Environment;
import dev.keg.cli.session.Streams;
import dev.keg.fixtures.transcript.CommandRunner;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.Transcript;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Plays every transcript in this process, on a file system in memory and with a clock that stands.
 */
class TranscriptTest {
  static final Path TRANSCRIPTS = Path.of("src", "test", "transcripts");

  /** Those of a machine with Windows. */
  private static final Path WINDOWS = Path.of("src", "test", "windows");

  /** Those that mount: they want a kernel that does. */
  static final Path MOUNTING = Path.of("src", "test", "mounting");

  private static final Configuration UNIX =
      Configuration.unix().toBuilder().setAttributeViews("basic", "owner", "posix", "unix").build();

  @TestFactory
  Stream<DynamicTest> in_process() throws IOException {
    return Transcript.each(
        TRANSCRIPTS,
        transcript -> transcript.play(new Memory(UNIX, "/keg"), Map.of("ROOT", "/keg")));
  }

  /** Files without owners, modes, numbers and links, and no mounts. */
  @TestFactory
  Stream<DynamicTest> on_the_files_of_windows() throws IOException {
    return Transcript.each(
        WINDOWS,
        transcript -> transcript.play(new Memory(Configuration.windows(), "C:\\keg"), Map.of()));
  }

  @TestFactory
  Stream<DynamicTest> with_a_kernel_that_only_remembers() throws IOException {
    return Transcript.each(
        MOUNTING,
        transcript -> {
          Memory memory = new Memory(UNIX, "/keg");
          prepare(memory.files.getPath("/dir"));
          transcript.play(memory, Map.of("ROOT", "/keg", "DIR", "/dir"));
        });
  }

  /** What the mounting transcripts find in their directory. */
  static void prepare(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("mnt/here"));
    Files.createDirectories(directory.resolve("rootfs/data"));
    Files.writeString(directory.resolve("rootfs/data/of-the-image"), "image\n");
    Files.createDirectories(directory.resolve("source"));
    Files.write(directory.resolve("disk.img"), new byte[1 << 20]);
    Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
    Files.writeString(directory.resolve(".env"), "PLACE=/from-env\n");
  }

  private static final String COMPOSE =
      """
      name: shop
      services:
        web:
          image: nothing
          volumes:
            - data:/data:ro
            - ./source:${PLACE}
            - {type: tmpfs, target: /tmp, tmpfs: {size: 1m}}
      volumes:
        data: {labels: {tier: web}}
      """;

  /** Keg in memory; one for each transcript. */
  private static final class Memory implements CommandRunner {
    private final FileSystem files;
    private final String root;
    private final RandomGenerator random = new SplittableRandom(1);
    private final FakeSystem system;

    Memory(Configuration configuration, String root) {
      this.files = Jimfs.newFileSystem(configuration);
      this.root = root;
      this.system = new FakeSystem(files);
    }

    @Override
    public Outcome run(Invocation invocation) {
      var out = new ByteArrayOutputStream();
      var err = new ByteArrayOutputStream();
      var environment =
          new Environment(
              Map.of("KEG_ROOT", root),
              files,
              Clock.fixed(Instant.parse("2026-11-20T10:00:55Z"), ZoneOffset.UTC),
              random,
              new Streams(
                  new ByteArrayInputStream(invocation.input().getBytes(StandardCharsets.UTF_8)),
                  new PrintStream(out, false, StandardCharsets.UTF_8),
                  new PrintStream(err, true, StandardCharsets.UTF_8)),
              system);
      int exit = Main.run(environment, invocation.arguments().toArray(String[]::new));
      return new Outcome(
          out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), exit);
    }
  }
}
