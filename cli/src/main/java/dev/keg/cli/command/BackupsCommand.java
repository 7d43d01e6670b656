package dev.keg.cli.command;

import dev.keg.backup.replica.BackupChoice;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Catalog;
import dev.keg.backup.repository.Repository;
import dev.keg.cli.option.RepositoryOptions;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.BackupColumns;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg backups}. */
@Command(
    name = "backups",
    customSynopsis = "keg backups [OPTIONS] [VOLUME...]",
    header = "List the backups in a repository, the oldest first")
public final class BackupsCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private RepositoryOptions where = new RepositoryOptions();
  @Mixin private RowOptions how = new RowOptions();

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> volumes = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session();
    try (Repository repository = session.repositories().open(where.location(session))) {
      Catalog catalog = repository.list();
      BackupColumns.rows(session.zone())
          .print(
              session.streams().out(),
              how.format(),
              catalog.backups().stream().filter(this::isWanted).toList());
      BackupChoice.warnings(repository, catalog.backups()).forEach(session::warn);
      PartialFailure.throwIfAny(catalog.problems(repository.address()));
    }
  }

  private boolean isWanted(Backup backup) {
    return volumes.isEmpty() || volumes.contains(backup.record().volume().name().text());
  }
}
