package dev.keg.backup.repository;

import dev.keg.backup.repository.Catalog.Damage;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers which backups there were, so that a store which hides the newest is found. */
public interface Witness {
  Witness NONE =
      new Witness() {
        @Override
        public Look look() {
          return (_, _) -> Map.of();
        }

        @Override
        public void published(BackupRecord backup) {}

        @Override
        public void forgot(Collection<BackupId> ids) {}
      };

  /** What was seen until now; before a catalogue is read, for another process may publish then. */
  Look look();

  /** What was seen before a catalogue was read. */
  interface Look {
    /**
     * The last backups of a volume and host that were seen before, and that neither the catalogue
     * nor anything later in it shows. What it does show is remembered.
     *
     * @param volume the only one that the catalogue is of, if it is
     */
    Map<BackupId, VolumeName> missing(Catalog catalog, Optional<VolumeName> volume);

    /** The catalogue, with what is missing as damages. */
    default Catalog with(Catalog read, Optional<VolumeName> volume) {
      List<Damage> damages = new ArrayList<>(read.damages());
      missing(read, volume)
          .forEach(
              (id, of) ->
                  damages.add(
                      new Damage(
                          RepositoryLayout.index(of, id),
                          "rolled back: this host has seen it, and it is gone",
                          Damage.Kind.GONE)));
      return new Catalog(read.backups(), damages);
    }
  }

  void published(BackupRecord backup);

  /** This process forgets these. */
  void forgot(Collection<BackupId> ids);
}
