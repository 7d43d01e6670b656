package dev.keg.backup.replica;

import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.Repository;
import dev.keg.error.BackupException.NoSuchBackup;
import dev.keg.error.VolumeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The backups that a command works on.
 *
 * @param volumes the names of the volumes; all if it is empty
 * @param choice which backup of each volume; all of them if it is empty
 */
public record BackupSelection(Set<String> volumes, Optional<BackupChoice> choice) {
  public BackupSelection {
    volumes = Collections.unmodifiableSet(new LinkedHashSet<>(volumes));
  }

  /**
   * The selected backups, the reasons why others cannot be used, and doubts about the selected
   * ones.
   */
  public record Selected(
      List<Backup> backups, List<VolumeException> problems, List<String> warnings) {
    public Selected {
      backups = List.copyOf(backups);
      problems = List.copyOf(problems);
      warnings = List.copyOf(warnings);
    }
  }

  /** Whether the backup is of one of the volumes. */
  public boolean covers(Backup backup) {
    return volumes.isEmpty() || volumes.contains(backup.record().volume().name().text());
  }

  public Selected in(Repository repository) {
    BackupCatalog catalog = repository.list();
    List<VolumeException> problems = new ArrayList<>(catalog.problems(repository.address()));
    for (String volume : volumes) {
      if (catalog.backups().stream()
          .noneMatch(backup -> backup.record().volume().name().text().equals(volume))) {
        problems.add(new NoSuchBackup(repository.address(), volume));
      }
    }
    List<Backup> backups =
        catalog.histories().stream()
            .map(history -> history.stream().filter(this::covers).toList())
            .flatMap(this::chosen)
            .toList();
    if (backups.isEmpty() && problems.isEmpty()) {
      problems.add(new NoSuchBackup(repository.address(), "none matches"));
    }
    List<Backup> covered = catalog.backups().stream().filter(this::covers).toList();
    return new Selected(backups, problems, BackupChoice.warnings(repository, covered));
  }

  private Stream<Backup> chosen(List<Backup> history) {
    return choice.map(which -> which.in(history).stream()).orElseGet(history::stream);
  }
}
