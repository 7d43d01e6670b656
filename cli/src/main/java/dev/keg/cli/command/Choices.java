package dev.keg.cli.command;

import dev.keg.backup.replica.BackupChoice;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Session;

/** Reads {@code --at}, which needs to know what time it is. */
final class Choices {
  private static final int WRONG_FLAGS = 125;

  private Choices() {}

  static BackupChoice parse(Session session, String text) {
    return BackupChoice.parse(text, session.clock())
        .orElseThrow(
            () ->
                new CommandFailure(
                    "invalid argument \"%s\" for \"--at\" flag: it is not a backup ID, a time or latest"
                        .formatted(text),
                    WRONG_FLAGS));
  }
}
