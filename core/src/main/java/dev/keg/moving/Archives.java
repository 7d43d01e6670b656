package dev.keg.moving;

import dev.keg.backup.replica.KnownRepositories;
import dev.keg.backup.replica.Repositories;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.repository.Repository;
import dev.keg.error.MoveException.MoveFailed;
import dev.keg.volume.VolumeName;
import java.util.function.Consumer;

/**
 * The dependencies of archiving volumes.
 *
 * @param debug receives messages of minor interest
 */
public record Archives(
    Repositories repositories,
    KnownRepositories known,
    Origin origin,
    int threads,
    Consumer<String> debug) {
  /** Refuses an untrusted repository, which could not restore all of the volume. */
  Repository open(VolumeName name, String location) {
    Repository repository = repositories.direct().open(location);
    if (!known.trusts(location, repository)) {
      repository.close();
      throw new MoveFailed(
          name.text(), "this root does not trust " + location, "keg repo trust " + location);
    }
    return repository;
  }

  static Backup find(Repository repository, VolumeName name, String location, BackupId id) {
    return BackupCatalog.only(repository, name, id)
        .find(id)
        .orElseThrow(
            () ->
                new MoveFailed(
                    name.text(),
                    "%s no longer has backup %s".formatted(location, id),
                    "`keg restore --from` restores another; `keg rm %s` removes the archived volume"
                        .formatted(name)));
  }
}
