package dev.keg.backup.replica;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.save.Containment;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.error.VolumeException;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Repositories that get the same backup, all at once. It builds on the newest backup of the volume
 * that all of them have; without one it is full.
 *
 * @param debug hears why a backup is full although there are earlier ones
 */
public record RepositoryDestination(
    List<Repository> repositories, Origin origin, Consumer<String> debug) implements Destination {
  /** A backup whose data is spread over more objects than this is followed by a full one. */
  private static final int MOST_OBJECTS = 100;

  public RepositoryDestination {
    repositories = List.copyOf(repositories);
  }

  /**
   * What a new backup finds.
   *
   * @param repositories those that can be written to; there is at least one
   * @param failures why the others cannot
   * @param record the last backup that all of them have
   * @param archive the archive of that, if the new one builds on it
   */
  record Baseline(
      List<Repository> repositories,
      Map<Repository, VolumeException> failures,
      Optional<BackupRecord> record,
      Optional<Archive> archive) {}

  @Override
  public Draft begin(Volume volume, SaveRequest request) {
    Map<Repository, List<BackupRecord>> histories = new LinkedHashMap<>();
    Map<Repository, VolumeException> failures = new LinkedHashMap<>();
    for (Repository repository : repositories) {
      try {
        histories.put(repository, history(repository, volume.name()));
      } catch (VolumeException e) {
        failures.put(repository, e);
      }
    }
    if (histories.isEmpty()) {
      throw Replicas.all(List.copyOf(failures.values()));
    }
    List<Repository> left = List.copyOf(histories.keySet());
    Optional<BackupRecord> newest = newestCommon(List.copyOf(histories.values()));
    Optional<Archive> archive =
        request.full()
            ? Optional.empty()
            : newest.filter(this::isGoodToBuildOn).flatMap(last -> open(left.getFirst(), last));
    return new RepositoryDraft(
        origin, volume, request, new Baseline(left, failures, newest, archive));
  }

  private List<BackupRecord> history(Repository repository, VolumeName volume) {
    return repository.list(volume).backups().stream()
        .filter(backup -> !backup.checks().damaged())
        .map(Backup::record)
        .filter(record -> record.origin().host().equals(origin.host()))
        .toList();
  }

  private static Optional<BackupRecord> newestCommon(List<List<BackupRecord>> histories) {
    return histories.getFirst().stream()
        .filter(
            record ->
                histories.stream()
                    .allMatch(history -> history.stream().anyMatch(o -> sameData(record, o))))
        .max(Comparator.comparing(BackupRecord::id));
  }

  private static boolean sameData(BackupRecord one, BackupRecord other) {
    return one.id().equals(other.id()) && one.objects().equals(other.objects());
  }

  private boolean isGoodToBuildOn(BackupRecord record) {
    boolean good = record.objects().size() <= MOST_OBJECTS;
    if (!good) {
      debug.accept("a full backup: the last one lies in " + record.objects().size() + " objects");
    }
    return good;
  }

  private Optional<Archive> open(Repository repository, BackupRecord record) {
    DataObject own = record.own();
    try {
      return Optional.of(
          Archive.open(
              own.name().text(),
              StoredArchives.of(repository.store(), record).open(own.name().text())));
    } catch (InvalidArchive | RepositoryFailed e) {
      debug.accept("a full backup: the last one cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void requireOutside(Volume volume, Path data) {
    FileSystem files = data.getFileSystem();
    for (Repository repository : repositories) {
      String address = repository.address();
      if (!address.contains("://")) {
        Containment.requireOutside(volume, data, files.getPath(address), "repository");
      }
    }
  }
}
