package dev.keg.backup.repository;

import dev.keg.volume.VolumeName;
import java.util.Collection;
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
  }

  void published(BackupRecord backup);

  /** This process forgets these. */
  void forgot(Collection<BackupId> ids);
}
