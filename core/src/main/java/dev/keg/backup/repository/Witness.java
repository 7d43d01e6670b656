package dev.keg.backup.repository;

import dev.keg.backup.repository.BackupCatalog.Damage;
import dev.keg.backup.repository.BackupCatalog.History;
import dev.keg.volume.VolumeName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers which backups existed, to detect a store that hides the newest ones. */
public interface Witness {
  Witness NONE =
      new Witness() {
        @Override
        public SeenBackups seen(Instant now) {
          return (_, _) -> Map.of();
        }

        @Override
        public void published(BackupRecord backup) {}

        @Override
        public void forgot(Collection<BackupId> ids) {}
      };

  /**
   * The backups seen so far, taken before a catalogue is read, since another process may publish
   * then.
   *
   * @param now the time, to tell a backup of a clock that was ahead
   */
  SeenBackups seen(Instant now);

  /** The backups that were seen before a catalogue was read. */
  interface SeenBackups {
    /**
     * The last backups of each volume and host that were seen before and are missing, along with
     * anything later, from the catalogue. The catalogue's backups are remembered.
     *
     * @param volume the catalogue's volume, if it covers only one
     */
    Map<BackupId, VolumeName> missing(BackupCatalog catalog, Optional<VolumeName> volume);

    /** The catalogue, with the missing backups as damages. */
    default BackupCatalog with(BackupCatalog read, Optional<VolumeName> volume) {
      List<Damage> damages = new ArrayList<>(read.damages());
      missing(read, volume)
          .forEach(
              (id, of) ->
                  damages.add(
                      new Damage(
                          RepositoryLayout.index(of, id),
                          "rolled back: this host has seen it, and it is gone",
                          Damage.Kind.GONE)));
      return new BackupCatalog(read.backups(), damages);
    }

    /** The volume's history, with the missing backups. */
    default History with(History read, VolumeName volume) {
      BackupCatalog catalog = new BackupCatalog(read.backups(), read.missing());
      return new History(
          read.backups(), read.damages(), with(catalog, Optional.of(volume)).damages());
    }
  }

  void published(BackupRecord backup);

  /** This process forgot these backups. */
  void forgot(Collection<BackupId> ids);
}
