package dev.keg.backup.replica;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.write.Predecessor;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Catalog.History;
import dev.keg.backup.repository.Damages;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.ObjectName;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.error.VolumeException;
import dev.keg.volume.Volume;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a new backup finds in its repositories, and what it builds on: the newest backup that all of
 * them have and whose index is sound. Frames that are known to be damaged or missing are not
 * referred to, so what is in them is written anew.
 *
 * @param repositories those that can be written to; there is at least one
 * @param failures why the others cannot
 * @param record the last backup that all of them have, or the one that the new one builds on
 * @param predecessor the archive of that, if the new one builds on it
 * @param warnings what is wrong with earlier backups
 */
record Baseline(
    List<Repository> repositories,
    Map<Repository, VolumeException> failures,
    Optional<BackupRecord> record,
    Optional<Predecessor> predecessor,
    List<String> warnings) {
  /** A backup whose data is spread over more objects than this is followed by a full one. */
  private static final int MOST_OBJECTS = 100;

  /** So many indexes are tried before the backup is a full one. */
  private static final int MOST_TRIES = 3;

  /** Looks for it. */
  static final class Search {
    private final Map<Repository, History> histories = new LinkedHashMap<>();
    private final Map<Repository, VolumeException> failures = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final Volume volume;
    private final String host;
    private final Consumer<String> debug;

    Search(Volume volume, String host, Consumer<String> debug) {
      this.volume = volume;
      this.host = host;
      this.debug = debug;
    }

    Baseline in(Collection<Repository> repositories, boolean full) {
      for (Repository repository : repositories) {
        try {
          histories.put(repository, repository.history(volume.name()));
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
      Optional<Base> base = full ? Optional.empty() : base(common);
      return new Baseline(
          List.copyOf(histories.keySet()),
          failures,
          base.map(Base::record).or(() -> last.map(Backup::record)),
          base.map(Base::archive),
          List.copyOf(warnings));
    }

    private record Base(BackupRecord record, Predecessor archive) {}

    private Optional<Base> base(List<Backup> newestFirst) {
      int tries = 0;
      for (Backup backup : newestFirst) {
        BackupRecord record = backup.record();
        if (tries == MOST_TRIES || !isConcise(record)) {
          return Optional.empty();
        }
        if (isUsable(record)) {
          tries++;
          Optional<Predecessor> archive = open(record);
          if (archive.isPresent()) {
            return Optional.of(new Base(record, archive.get()));
          }
        }
      }
      return Optional.empty();
    }

    private boolean isConcise(BackupRecord record) {
      int objects = record.objects().size();
      if (objects > MOST_OBJECTS) {
        debug.accept("a full backup: the last one lies in " + objects + " objects");
      }
      return objects <= MOST_OBJECTS;
    }

    /**
     * The backups of this host that all repositories have, the newest first; without one those of
     * the same volume under another host's name, as a container has a new one each time.
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

    /**
     * A damaged backup will do if its index is good and it is known which of its frames are bad.
     */
    private static boolean isUsable(History history, BackupRecord record) {
      Damages damages = history.damages();
      boolean marked =
          history.backups().stream()
              .anyMatch(backup -> backup.id().equals(record.id()) && backup.checks().damaged());
      boolean located = record.objects().stream().map(DataObject::name).anyMatch(damages::concerns);
      return !damages.isLost(record.own().name()) && (!marked || located);
    }

    private Optional<Predecessor> open(BackupRecord record) {
      String own = record.own().name().text();
      Repository repository = histories.keySet().iterator().next();
      try {
        Archive archive =
            Archive.open(own, StoredArchives.of(repository.store(), record).open(own));
        try {
          return Optional.of(Predecessor.of(archive, damaged()));
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

    private Predicate<FrameRef> damaged() {
      Damages damages =
          histories.values().stream().map(History::damages).reduce(Damages.NONE, Damages::and);
      return frame ->
          ObjectName.lookup(frame.object())
              .filter(object -> damages.concerns(object, frame.offset()))
              .isPresent();
    }
  }
}
