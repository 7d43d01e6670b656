package dev.keg.backup.replica;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.delta.KnownContent;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.write.ContentSharing;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog.History;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Damages;
import dev.keg.backup.repository.Repository;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.BackupException.RepositoryFailed;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The newest backups of other volumes, in which the first backup of a volume looks for equal
 * content, such as that of a clone or of the same volume on another host.
 */
record RelatedBackups(List<Repository> repositories, FrameKey key, Consumer<String> debug) {
  /** How many volumes to look at. */
  private static final int MOST = 16;

  /**
   * @param bases receives the backups whose objects may be used
   * @param archives receives their archives, which are read while the new one is written
   */
  ContentSharing sharing(List<BackupRecord> bases, List<Archive> archives) {
    List<History> all = repositories.stream().map(repository -> repository.newest(MOST)).toList();
    Damages damages = all.stream().map(History::damages).reduce(Damages.NONE, Damages::and);
    KnownContent known = new KnownContent(Baseline.damaged(damages));
    for (Backup backup : all.getFirst().backups()) {
      BackupRecord record = backup.record();
      if (!damages.isLost(record.own().name())
          && all.stream().allMatch(each -> has(each, record))) {
        open(record, known)
            .ifPresent(
                archive -> {
                  archives.add(archive);
                  bases.add(record);
                });
      }
    }
    return new ContentSharing(key, known);
  }

  private static boolean has(History history, BackupRecord record) {
    return history.backups().stream().map(Backup::record).anyMatch(record::equals);
  }

  /**
   * Opens an archive; an unreadable one is skipped, since its own verification or restore reports
   * it.
   */
  private Optional<Archive> open(BackupRecord record, KnownContent known) {
    String own = record.own().name().text();
    try {
      Archive archive =
          Archive.open(own, StoredArchives.of(repositories.getFirst().store(), record));
      if (archive.version() == Footer.SHARING && archive.key().equals(key)) {
        known.add(archive, page -> debug.accept(String.valueOf(page.reason().getMessage())));
        return Optional.of(archive);
      }
      archive.close();
    } catch (InvalidArchive | RepositoryFailed e) {
      debug.accept("no content is shared with backup " + record.id() + ": " + e.getMessage());
    }
    return Optional.empty();
  }
}
