package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.cli.session.Streams;
import dev.keg.error.HolderException.NotAttached;
import dev.keg.error.RegistryException.AlreadyExists;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class ErrorReportTest {
  @Test
  void a_failure_while_cleaning_up_keeps_its_hint() {
    var failure = new NotAttached("db", "vm1");
    failure.addSuppressed(new AlreadyExists("clone", "db", "db2"));
    var err = new ByteArrayOutputStream();
    var streams =
        new Streams(
            InputStream.nullInputStream(),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    CommandLine command = new CommandLine(CommandSpec.create());

    int status =
        new ErrorReport(streams, false, false).failure(failure, command, command.parseArgs());

    assertThat(status).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualToNormalizingNewlines(
            """
            Error: detach db: vm1 does not have it
            Hint: `keg inspect db` shows who has it and who had it
            Error: while cleaning up: clone db: volume with name db2 already exists
            Hint: choose another name, or remove it first: keg rm db2
            """);
  }
}
