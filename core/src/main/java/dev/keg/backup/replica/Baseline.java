package dev.keg.backup.replica;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources.Opener;
import dev.keg.backup.archive.LostPage;
import dev.keg.backup.archive.delta.KnownContent;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.index.Avoided;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.write.ContentSharing;
import dev.keg.backup.archive.write.Predecessor;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog.History;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Damages;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.error.VolumeException;
import dev.keg.volume.Volume;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The state of the repositories before a new backup, and the backup that it builds on: the newest
 * that all of them have and whose index is sound. Frames known to be damaged or missing are not
 * referred to, so their content is written again.
 *
 * @param repositories the writable ones, at least one
 * @param failures why the others are not writable
 * @param record the last backup that all of them have, or the one that the new one builds on
 * @param predecessor the archive that the new one builds on; it may be the remains of an
 *     interrupted first backup
 * @param bases the backups whose objects the new one may use
 * @param sharing how it shares content, if all of the repositories have format 2
 * @param related the archives of other volumes with content to share
 * @param warnings problems of earlier backups
 */
record Baseline(
    List<Repository> repositories,
    Map<Repository, VolumeException> failures,
    Optional<BackupRecord> record,
    Optional<Predecessor> predecessor,
    List<BackupRecord> bases,
    Optional<ContentSharing> sharing,
    List<Archive> related,
    List<String> warnings) {
  /**
   * A backup that refers to more objects is followed by a full one in a repository of format 1,
   * otherwise by one that avoids those of which little is used; four times as many are the most.
   */
  private static final int MOST_OBJECTS = 100;

  /** How many indexes to try before making a full backup. */
  private static final int MOST_TRIES = 3;

  /** Searches for the backup to build on. */
  static final class Search {
    private final Map<Repository, History> histories = new LinkedHashMap<>();
    private final Map<Repository, WrittenBackup> written = new LinkedHashMap<>();
    private final Map<Repository, VolumeException> failures = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<Archive> related = new ArrayList<>();
    private final List<BackupRecord> bases = new ArrayList<>();
    private final Volume volume;
    private final String host;
    private final WrittenBackups own;
    private final Consumer<String> debug;
    private Damages interrupted = Damages.NONE;

    /**
     * @param own this host's own backups in repositories that it cannot read
     */
    Search(Volume volume, String host, WrittenBackups own, Consumer<String> debug) {
      this.volume = volume;
      this.host = host;
      this.own = own;
      this.debug = debug;
    }

    Baseline in(Collection<Repository> repositories, boolean full) {
      for (Repository repository : repositories) {
        try {
          History history = history(repository);
          histories.put(repository, history);
          history.missing().stream()
              .filter(missing -> missing.isGone())
              .forEach(gone -> warnings.add(repository.address() + ": " + gone));
        } catch (VolumeException e) {
          failures.put(repository, e);
        }
      }
      if (histories.isEmpty()) {
        throw Replicas.all(List.copyOf(failures.values()));
      }
      List<Backup> common = common();
      warnings.addAll(BackupChoice.warnings(histories.keySet().iterator().next(), common));
      Optional<Backup> last = common.stream().findFirst();
      boolean shares = shares();
      Optional<Base> base = full ? Optional.empty() : base(common);
      base.ifPresent(found -> bases.add(found.record()));
      Optional<Base> left = base.or(() -> full ? Optional.empty() : interrupted());
      Optional<ContentSharing> sharing =
          shares ? Optional.of(sharing(left.map(Base::archive), full)) : Optional.empty();
      return new Baseline(
          List.copyOf(histories.keySet()),
          failures,
          base.map(Base::record).or(() -> last.map(Backup::record)),
          left.map(Base::archive),
          List.copyOf(bases),
          sharing,
          List.copyOf(related),
          List.copyOf(warnings));
    }

    private History history(Repository repository) {
      if (!repository.store().isWriteOnly()) {
        return repository.history(volume.name());
      }
      Optional<WrittenBackup> last = own.last(volume.name(), repository);
      last.ifPresent(known -> written.put(repository, known));
      return last.map(known -> repository.history(known.record()))
          .orElseGet(() -> repository.history(volume.name()));
    }

    private boolean shares() {
      return histories.keySet().stream().allMatch(Repository::isSharing);
    }

    private ContentSharing sharing(Optional<Predecessor> base, boolean full) {
      if (base.isPresent()) {
        return new ContentSharing(base.get().archive().key(), base.get().known());
      }
      Repository first = histories.keySet().iterator().next();
      FrameKey key = FrameKey.parse(first.key().orElseThrow());
      return full
          ? new ContentSharing(key, new KnownContent(Avoided.NOTHING))
          : new RelatedBackups(List.copyOf(histories.keySet()), key, debug).sharing(bases, related);
    }

    private record Base(BackupRecord record, Predecessor archive) {}

    private Optional<Base> base(List<Backup> newestFirst) {
      Set<DataObject> tried = new HashSet<>();
      for (Backup backup : newestFirst) {
        BackupRecord record = backup.record();
        if (tried.size() == MOST_TRIES || !(shares() || isConcise(record))) {
          return Optional.empty();
        }
        if (isUsable(record) && tried.add(record.own())) {
          Optional<Predecessor> archive = open(record);
          if (archive.isPresent()) {
            return Optional.of(new Base(record, archive.get()));
          }
        }
      }
      return Optional.empty();
    }

    private Optional<Base> interrupted() {
      if (!shares()
          || histories.keySet().stream()
              .map(Repository::store)
              .anyMatch(ObjectStore::isWriteOnly)) {
        return Optional.empty();
      }
      List<BackupRecord> found =
          new InterruptedBackup(List.copyOf(histories.keySet()), volume, host, debug).find();
      for (Repository repository : histories.keySet()) {
        interrupted = interrupted.and(repository.damages(found));
      }
      Optional<Base> first = Optional.empty();
      for (BackupRecord record : found) {
        if (first.isPresent()) {
          share(record, first.get().archive().known());
        } else {
          first = open(record).map(archive -> new Base(record, archive));
          first.ifPresent(this::use);
        }
      }
      return first;
    }

    private void use(Base left) {
      bases.add(left.record());
      left.archive().known().addFrames(left.archive().archive());
      debug.accept(
          "an interrupted backup has stored %d files, which are not read again"
              .formatted(left.record().counts().files()));
    }

    /** Shares the content of another backup, which is recognised only by its hashes. */
    private void share(BackupRecord record, KnownContent known) {
      try {
        Archive archive = Archive.open(record.own().name().text(), archives(record));
        related.add(archive);
        bases.add(record);
        known.add(archive, _ -> {});
        known.addFrames(archive);
      } catch (InvalidArchive | RepositoryFailed e) {
        debug.accept("not usable for this backup: " + e.getMessage());
      }
    }

    private boolean isConcise(BackupRecord record) {
      int objects = record.objects().size();
      if (objects > MOST_OBJECTS) {
        debug.accept("a full backup: the last one is in " + objects + " objects");
      }
      return objects <= MOST_OBJECTS;
    }

    /**
     * The backups of this host that all repositories have, the newest first; without any, those of
     * the same volume under another host name, since a container has a new name each time.
     */
    private List<Backup> common() {
      List<Backup> inAll = inAll();
      List<Backup> ofHost =
          inAll.stream().filter(b -> b.record().origin().host().equals(host)).toList();
      return ofHost.isEmpty()
          ? inAll.stream()
              .filter(b -> b.record().volume().created().equals(volume.created()))
              .toList()
          : ofHost;
    }

    private List<Backup> inAll() {
      List<History> all = List.copyOf(histories.values());
      return all.getFirst().backups().reversed().stream()
          .filter(backup -> all.stream().allMatch(history -> has(history, backup.record())))
          .toList();
    }

    private static boolean has(History history, BackupRecord record) {
      return history.backups().stream().map(Backup::record).anyMatch(o -> isSame(record, o));
    }

    private static boolean isSame(BackupRecord one, BackupRecord other) {
      return one.id().equals(other.id()) && one.objects().equals(other.objects());
    }

    private boolean isUsable(BackupRecord record) {
      boolean usable = histories.values().stream().allMatch(history -> isUsable(history, record));
      if (!usable) {
        warnings.add(
            "backup %s is damaged, so this one does not build on it".formatted(record.id()));
      }
      return usable;
    }

    /** A damaged backup is usable if the bad frames and index pages are known. */
    private static boolean isUsable(History history, BackupRecord record) {
      Damages damages = history.damages();
      boolean marked =
          history.backups().stream()
              .anyMatch(backup -> backup.id().equals(record.id()) && backup.checks().damaged());
      boolean located = record.objects().stream().map(DataObject::name).anyMatch(damages::concerns);
      return !damages.isLost(record.own().name()) && (!marked || located);
    }

    private Optional<Predecessor> open(BackupRecord record) {
      try {
        Archive archive = Archive.open(record.own().name().text(), archives(record));
        try {
          if (archive.version() > Footer.FIRST && !shares()) {
            debug.accept("a full backup: not all of the repositories are of format 2");
            archive.close();
            return Optional.empty();
          }
          Predecessor found =
              shares()
                  ? Predecessor.of(archive, damaged(), MOST_OBJECTS, () -> repacked(archive))
                  : Predecessor.of(archive, damaged());
          for (LostPage page : found.lost()) {
            warnings.add(
                "backup %s is damaged, so files are read again: %s"
                    .formatted(record.id(), page.reason().getMessage()));
          }
          return Optional.of(found);
        } catch (RuntimeException e) {
          archive.close();
          throw e;
        }
      } catch (InvalidArchive | RepositoryFailed e) {
        warnings.add(
            "backup %s cannot be read, so this one does not build on it: %s"
                .formatted(record.id(), e.getMessage()));
        return Optional.empty();
      }
    }

    private Repository readable() {
      return histories.keySet().stream()
          .filter(repository -> !repository.store().isWriteOnly())
          .findFirst()
          .orElseGet(() -> histories.keySet().iterator().next());
    }

    private Map<String, Long> repacked(Archive archive) {
      Repository first = readable();
      return first.store().isWriteOnly() ? Map.of() : first.rests().sizes(archive.objects());
    }

    /** Reads a readable repository, or else this host's copy of its own backup's index. */
    private Opener archives(BackupRecord record) {
      Repository first = readable();
      WrittenBackup known = written.get(first);
      return known == null ? StoredArchives.of(first.store(), record) : known;
    }

    private Avoided damaged() {
      Damages damages =
          histories.values().stream().map(History::damages).reduce(interrupted, Damages::and);
      return Baseline.damaged(damages);
    }
  }

  /** The backup that the new one builds on. */
  Optional<BackupId> parent() {
    return predecessor
        .flatMap(_ -> record)
        .filter(found -> bases.getFirst().id().equals(found.id()))
        .map(BackupRecord::id);
  }

  static Avoided damaged(Damages damages) {
    if (damages.isEmpty()) {
      return Avoided.NOTHING;
    }
    return (name, offset) ->
        ObjectName.lookup(name).filter(object -> damages.concerns(object, offset)).isPresent();
  }

  void close() {
    predecessor.ifPresent(Predecessor::close);
    related.forEach(Archive::close);
  }
}
