package dev.keg.cli.action;

import dev.keg.backup.browse.StoredShare;
import dev.keg.backup.replica.BackupChoice;
import dev.keg.backup.replica.BackupSelection;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.retention.Age;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.BackupColumns;
import dev.keg.cli.output.ShareColumns;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.error.BackupException.NewestUnusable;
import dev.keg.error.BackupException.NoSuchBackup;
import dev.keg.error.VolumeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * {@code keg backups} without an action: lists the backups of a repository.
 *
 * @param volumes the volumes to list; all volumes if it is empty
 */
public record BackupList(
    Session session,
    Repository repository,
    RowOptions how,
    List<String> volumes,
    Predicate<Backup> ofHost) {
  /** The backups. */
  public static Rows<Backup> rows(Session session) {
    return rows(session, Map.of());
  }

  private static Rows<Backup> rows(Session session, Map<BackupId, Duration> restored) {
    return BackupColumns.rows(session.zone(), restored);
  }

  /**
   * Prints the backups.
   *
   * @param ifNone runs before an empty list is printed
   */
  public void print(Runnable ifNone) {
    BackupCatalog catalog = repository.list();
    List<Backup> found = catalog.backups().stream().filter(this::isWanted).toList();
    if (found.isEmpty()) {
      ifNone.run();
    }
    printAll(found);
    BackupChoice.warnings(repository, catalog.backups()).forEach(session::warn);
    PartialFailure.throwIfAny(catalog.problems(repository.address()));
  }

  /**
   * Prints the newest backup of each volume of each host. One that is damaged, outdated or from the
   * future is an error, and so is a named volume without a backup, or no backup at all.
   */
  public void printNewest(Age age) {
    BackupSelection.Selected selected =
        new BackupSelection(new LinkedHashSet<>(volumes), Optional.of(new BackupChoice.Latest()))
            .in(repository);
    List<Backup> newest = selected.backups().stream().filter(ofHost).toList();
    printAll(newest);
    selected.warnings().forEach(session::warn);
    List<VolumeException> problems = new ArrayList<>(selected.problems());
    for (String volume : volumes) {
      if (has(selected.backups(), volume) && !has(newest, volume)) {
        problems.add(new NoSuchBackup(repository.address(), volume));
      }
    }
    if (newest.isEmpty() && problems.isEmpty()) {
      problems.add(new NoSuchBackup(repository.address(), "none matches"));
    }
    for (Backup backup : newest) {
      doubt(backup, age).ifPresent(doubt -> problems.add(unusable(backup, doubt)));
    }
    PartialFailure.throwIfAny(problems);
  }

  private void printAll(List<Backup> backups) {
    Map<BackupId, Duration> restored = Check.restoreTimes(repository.store(), backups);
    rows(session, restored).print(session, how.format(), backups);
  }

  private static boolean has(List<Backup> backups, String volume) {
    return backups.stream()
        .anyMatch(backup -> backup.record().volume().name().text().equals(volume));
  }

  private Optional<String> doubt(Backup backup, Age age) {
    return backup.checks().damaged()
        ? Optional.of("is damaged")
        : age.doubt(backup.record().started(), session.clock().instant().atZone(session.zone()));
  }

  private VolumeException unusable(Backup backup, String doubt) {
    return new NewestUnusable(
        repository.address(),
        backup.record().volume().name().text(),
        backup.record().origin().host(),
        doubt,
        backup.id().text());
  }

  /**
   * Prints how much space the backups of each volume take.
   *
   * @param total whether to print the total of the repository as well
   */
  public void printShares(boolean total) {
    BackupCatalog catalog = repository.list();
    List<StoredShare> shares =
        StoredShare.of(repository, catalog).stream()
            .filter(share -> share.of().map(this::isWanted).orElse(total))
            .toList();
    ShareColumns.rows().print(session.streams().out(), how.format(), shares);
    PartialFailure.throwIfAny(catalog.problems(repository.address()));
  }

  private boolean isWanted(Backup backup) {
    return (volumes.isEmpty() || volumes.contains(backup.record().volume().name().text()))
        && ofHost.test(backup);
  }
}
