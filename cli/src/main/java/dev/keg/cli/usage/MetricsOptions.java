package dev.keg.cli.usage;

import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.file.AtomicFile;
import dev.keg.file.FileFailures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The destination of metrics for Prometheus: a file of the node exporter's textfile collector. */
public final class MetricsOptions {
  /** The value of {@code --format} that selects them. */
  public static final String FORMAT = "prometheus";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the metrics of --format prometheus to this file, replacing it at once")
  private Optional<String> output = Optional.empty();

  /** Refuses a file for anything but metrics. */
  public void check(boolean asked) {
    WrongUse.throwIf(output.isPresent() && !asked, "--output requires --format prometheus");
  }

  /** Prints or writes the text. A reader of the file sees the old one or the new one. */
  public void publish(Session session, String text) {
    if (output.isEmpty()) {
      session.streams().out().print(text);
      return;
    }
    Path file = session.files().getPath(output.get()).toAbsolutePath();
    // The collector reads only names that end with .prom, and runs as its own user.
    Path draft =
        file.resolveSibling(".%s.%08x".formatted(file.getFileName(), session.random().nextInt()));
    try {
      AtomicFile.replaceForAll(
          file, draft, text.getBytes(StandardCharsets.UTF_8), session.directorySync());
    } catch (IOException e) {
      throw FileFailures.failure("write metrics", file.toString(), e);
    }
  }
}
