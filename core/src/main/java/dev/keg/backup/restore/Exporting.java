package dev.keg.backup.restore;

import dev.keg.backup.archive.VolumeDescription;
import dev.keg.backup.archive.write.ArchiveCopy;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.Destination.BackupDraft;
import dev.keg.backup.save.SaveListener;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Writes backups as archives that need no repository, without restoring them. */
public record Exporting(InstantSource clock, SaveListener listener, int threads) {
  private static final String REMEDY =
      "`keg restore --skip-damaged` restores the rest; `keg verify --repair-from REPO` repairs it"
          + " with a copy";

  /** Exports the whole backup; if a part of it is damaged, nothing is published. */
  public Saved export(RestoreSource.Indexed source, Destination destination) {
    Instant start = clock.instant();
    Volume volume =
        source
            .volume()
            .orElseThrow(
                () -> new InvalidArchive(source.name(), "in its index", "it describes no volume"));
    Size size = new Size(source.archive().totals().bytes());
    try (BackupDraft draft = destination.begin(volume, SaveRequest.plain(threads), () -> size)) {
      ArchiveSummary summary = copy(source, volume, size, draft);
      draft.throwFailure();
      return draft.publish(summary, Duration.between(start, clock.instant()));
    } catch (InvalidArchive e) {
      throw e.hinting(REMEDY);
    }
  }

  private ArchiveSummary copy(
      RestoreSource.Indexed source, Volume volume, Size size, BackupDraft draft) {
    ArchiveCopy copy =
        new ArchiveCopy(
            draft.name(), draft.compression(), VolumeDescription.write(volume), threads);
    try {
      return copy.write(
          source.archive(),
          source.sources(),
          listener.begin(volume.name(), () -> size),
          draft.channel());
    } finally {
      listener.end(volume.name());
    }
  }
}
