package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.cli.session.Environment;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Streams;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TrainingTest {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final Environment environment = environment(new PrintStream(output));

  @Test
  void each_line_does_what_it_is_there_for() throws Exception {
    Files.createDirectory(environment.files().getPath("/repository"));
    for (var line : Training.lines()) {
      int status = Main.run(environment, line.words().toArray(String[]::new));
      assertThat(status != 0).as("%s: %s", line, output).isEqualTo(line.fails());
    }
  }

  @Test
  void every_command_is_trained() throws Exception {
    CommandLine keg = new CommandLine(new Keg(environment));
    Commands.addAllTo(keg);
    assertThat(keg.getSubcommands().values())
        .extracting(CommandLine::getCommandName)
        .isSubsetOf(Training.lines().stream().map(line -> line.words().getFirst()).toList());
  }

  private static Environment environment(PrintStream out) {
    FileSystem files =
        Jimfs.newFileSystem(
            Configuration.unix().toBuilder()
                .setAttributeViews("basic", "owner", "posix", "unix")
                .build());
    return new Environment(
        Map.of("KEG_ROOT", "/keg", "KEG_REPOSITORY", "/repository", "TMPDIR", "/keg"),
        files,
        Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC),
        new SplittableRandom(1),
        new Streams(InputStream.nullInputStream(), out, out),
        new FakeSystem(files));
  }
}
