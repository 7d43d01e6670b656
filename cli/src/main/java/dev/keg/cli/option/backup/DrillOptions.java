package dev.keg.cli.option.backup;

import dev.keg.backup.drill.DrillProgram;
import dev.keg.cli.option.Converters;
import dev.keg.cli.session.Session;
import dev.keg.program.ShellLine;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The source of a drill, and what to do with the restored volume. */
public final class DrillOptions {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  @Option(
      names = "--from",
      paramLabel = "REPO",
      description =
          "A directory, s3://BUCKET/PREFIX or ssh://HOST/DIRECTORY (default"
              + " $KEG_REPOSITORY, or the only one that was backed up to)")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--command",
      paramLabel = "command",
      description = "Run this on the restored data, which is in $KEG_PATH; it must succeed")
  private Optional<String> command = Optional.empty();

  @Option(
      names = "--command-limit",
      paramLabel = "seconds",
      converter = Converters.Seconds.class,
      description = "End the command after this many seconds (default 600)")
  private Optional<Duration> limit = Optional.empty();

  @Option(names = "--keep", description = "Keep the restored volume")
  private boolean keep;

  public String location(Session session) {
    return from.or(() -> RepositoryOptions.meant(session))
        .orElseThrow(() -> RepositoryOptions.none("--from"));
  }

  public Optional<String> conflict() {
    return limit.isPresent() && command.isEmpty()
        ? Optional.of("--command-limit requires --command")
        : Optional.empty();
  }

  public Optional<DrillProgram> program(Session session) {
    ShellLine shell = new ShellLine(session.programs(), session.streams().err());
    return command.map(line -> new DrillProgram(shell, line, limit.orElse(LIMIT)));
  }

  public boolean keep() {
    return keep;
  }
}
