package dev.keg.cli.option.backup;

import dev.keg.backup.replica.BackupChoice;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Session;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which backup of a volume. */
public final class AtOption {
  private static final int WRONG_FLAGS = 125;

  @Option(
      names = "--at",
      paramLabel = "backup",
      description =
          "A backup ID or its beginning, a time or day (the last backup until then, e.g."
              + " \"2026-11-28 06:30\", yesterday), or latest (default)")
  private Optional<String> at = Optional.empty();

  public boolean given() {
    return at.isPresent();
  }

  /** Parses it; a time may be relative to now. */
  public BackupChoice choice(Session session) {
    String text = at.orElse("latest");
    return BackupChoice.parse(text, session.clock())
        .orElseThrow(
            () ->
                new CommandFailure(
                    "invalid argument \"%s\" for \"--at\" flag: it is not a backup ID, a time or latest\nHint: `keg backups` lists the IDs; a time is written 2026-11-28, \"2026-11-28 06:30\", yesterday, or 24h ago"
                        .formatted(text),
                    WRONG_FLAGS));
  }
}
