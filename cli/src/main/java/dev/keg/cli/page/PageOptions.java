package dev.keg.cli.page;

import dev.keg.cli.option.Converters;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.AtomicFile;
import dev.keg.file.FileFailures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import picocli.CommandLine.Option;

/** The file that a page is written to. */
public final class PageOptions {
  private static final String OPERATION = "write report";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = "-",
      converter = Converters.FileName.class,
      description = "Write the page to this file, replacing it at once; - is standard output")
  private String output;

  /** Refuses a path that cannot be written to, before anything is measured. */
  public void check(Session session, boolean json) {
    WrongUse.throwIf(json && isStandardOutput(), "--json requires a file with --output");
    if (isStandardOutput()) {
      CommandFailure.throwIfTerminal(session, " or the --output flag");
      return;
    }
    Path file = file(session);
    Path parent = file.getParent();
    if (Files.isDirectory(file)) {
      throw new FileFailure(OPERATION, file.toString(), "it is a directory", null);
    }
    if (parent != null && !Files.isDirectory(parent)) {
      throw new FileFailure(OPERATION, file.toString(), "there is no directory " + parent, null);
    }
  }

  private boolean isStandardOutput() {
    return output.equals("-");
  }

  /** The actual or future path of the page. */
  Path file(Session session) {
    return session.files().getPath(output).toAbsolutePath().normalize();
  }

  /** Writes the page. Only its owner can read the file; pipes and devices are written to. */
  public void write(Session session, String page) {
    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
    if (isStandardOutput()) {
      session.streams().out().writeBytes(bytes);
      return;
    }
    Path file = file(session);
    Path draft =
        file.resolveSibling(".%s.%08x".formatted(file.getFileName(), session.random().nextInt()));
    FileFailures.run(
        OPERATION,
        file,
        () -> {
          if (Files.exists(file) && !Files.isRegularFile(file)) {
            Files.write(file, bytes, StandardOpenOption.WRITE);
          } else {
            AtomicFile.replace(file, draft, bytes, session.directorySync());
          }
        });
  }
}
