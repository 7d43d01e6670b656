package dev.keg.cli.action;

import dev.keg.backup.replica.BackupChoice;
import dev.keg.backup.replica.StoredShare;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Catalog;
import dev.keg.backup.repository.Repository;
import dev.keg.cli.output.BackupColumns;
import dev.keg.cli.output.ShareColumns;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import java.util.List;
import java.util.function.Predicate;

/** {@code keg backups} without an action: those of a repository that are wanted. */
public record BackupList(Session session, Repository repository, Format format) {
  /**
   * Prints them.
   *
   * @param ifNone what to do before an empty list is printed
   */
  public void print(Predicate<Backup> wanted, Runnable ifNone) {
    Catalog catalog = repository.list();
    List<Backup> found = catalog.backups().stream().filter(wanted).toList();
    if (found.isEmpty()) {
      ifNone.run();
    }
    BackupColumns.rows(session.zone()).print(session.streams().out(), format, found);
    BackupChoice.warnings(repository, catalog.backups()).forEach(session::warn);
    PartialFailure.throwIfAny(catalog.problems(repository.address()));
  }

  /**
   * Prints how much the volumes take of which there are such backups.
   *
   * @param all whether those are all, so that the whole is of interest
   */
  public void printShares(Predicate<Backup> wanted, boolean all) {
    Catalog catalog = repository.list();
    List<StoredShare> shares =
        StoredShare.of(repository, catalog).stream()
            .filter(share -> share.of().map(wanted::test).orElse(all))
            .toList();
    ShareColumns.rows().print(session.streams().out(), format, shares);
    PartialFailure.throwIfAny(catalog.problems(repository.address()));
  }
}
