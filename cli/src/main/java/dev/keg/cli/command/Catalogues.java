package dev.keg.cli.command;

import dev.keg.backup.repository.Catalog.Damage;
import dev.keg.backup.repository.Repository;
import dev.keg.error.BackupException.RepositoryFailed;
import java.util.List;

/** What is to be said of indexes that cannot be read. */
final class Catalogues {
  private Catalogues() {}

  static List<RepositoryFailed> damages(Repository repository, List<Damage> damages) {
    return damages.stream()
        .map(
            damage ->
                new RepositoryFailed(
                    repository.address() + ": " + damage,
                    "the other backups are untouched; while it is there, no data is deleted",
                    null))
        .toList();
  }
}
