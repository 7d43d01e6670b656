package dev.keg.backup.replica;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.VolumeDescription;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.BackupRecord.Counts;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.tree.ByteString;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Archives that interrupted first backups of a volume stored: they hold the files met so far, and
 * no record refers to them.
 */
record InterruptedBackup(
    List<Repository> repositories, Volume volume, String host, Consumer<String> debug) {
  /** How many runs to look at. */
  private static final int MOST = 16;

  /**
   * The last archive of each run and what it requires, the one with most files first, as records
   * without a backup.
   */
  List<BackupRecord> find() {
    List<StoredObject> left = left();
    if (left.isEmpty()) {
      return List.of();
    }
    Map<String, DataObject> all = new HashMap<>();
    for (StoredObject object : common()) {
      all.put(object.name().text(), new DataObject(object.name(), object.size(), "unknown"));
    }
    StoredArchives archives = new StoredArchives(repositories.getFirst().store(), all);
    List<BackupRecord> found = new ArrayList<>();
    Set<String> met = new HashSet<>();
    for (StoredObject object : left) {
      String name = object.name().text();
      if (found.size() < MOST && all.containsKey(name) && !met.contains(name)) {
        record(name, archives)
            .ifPresent(
                record -> {
                  found.add(record);
                  record.objects().forEach(needed -> met.add(needed.name().text()));
                });
      }
    }
    found.sort(
        Comparator.comparingLong((BackupRecord record) -> record.counts().entries()).reversed());
    return found;
  }

  /** Data of the volume whose backup does not exist, the newest first. */
  private List<StoredObject> left() {
    Repository first = repositories.getFirst();
    List<StoredObject> data = first.lasting(volume.name());
    if (data.isEmpty()) {
      return List.of();
    }
    Set<String> used = new HashSet<>();
    for (Backup backup : first.list(volume.name()).backups()) {
      backup.record().objects().forEach(object -> used.add(object.name().text()));
    }
    return data.stream()
        .filter(object -> !used.contains(object.name().text()))
        .sorted(Comparator.comparing(StoredObject::stored).reversed())
        .toList();
  }

  /** Objects that all of the repositories have and will not delete. */
  private List<StoredObject> common() {
    List<StoredObject> common = new ArrayList<>(repositories.getFirst().data());
    for (Repository repository : repositories) {
      Map<ObjectName, Size> there = new HashMap<>();
      repository.lasting().forEach(object -> there.put(object.name(), object.size()));
      common.removeIf(object -> !object.size().equals(there.get(object.name())));
      // The original of a repacked object is deleted once a rest has what other backups need.
      Set<String> repacked = new HashSet<>();
      repository.rests().all().forEach(rest -> repacked.add(Rest.id(rest.name())));
      common.removeIf(object -> repacked.contains(Rest.id(object.name())));
    }
    return common;
  }

  private Optional<BackupRecord> record(String name, StoredArchives archives) {
    List<DataObject> objects = new ArrayList<>();
    try (Archive archive = Archive.open(name, archives)) {
      if (!isOfVolume(archive)) {
        return Optional.empty();
      }
      if (!archives.objects().keySet().containsAll(archive.objects())) {
        return Optional.empty();
      }
      objects.add(named(archive, archives));
      for (String other : archive.objects()) {
        try (Archive needed = Archive.open(other, archives)) {
          objects.add(named(needed, archives));
        }
      }
      String last = objects.getFirst().name().last();
      return BackupId.lookup(last.substring(0, last.indexOf('.')))
          .map(
              id ->
                  new BackupRecord(
                      id,
                      volume,
                      new Origin(host, "interrupted"),
                      id.time(),
                      Set.of(),
                      counts(archive),
                      null,
                      objects));
    } catch (InvalidArchive | RepositoryFailed e) {
      debug.accept("not usable for this backup: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Another host may have a volume with that name. */
  private boolean isOfVolume(Archive archive) {
    ByteString description = VolumeDescription.write(volume);
    Optional<FrameKey> key = repositories.getFirst().key().map(FrameKey::parse);
    return archive.version() == Footer.SHARING
        && key.filter(archive.key()::equals).isPresent()
        && archive.description().equals(description);
  }

  private static DataObject named(Archive archive, StoredArchives archives) {
    DataObject unnamed = archives.objects().get(archive.name());
    if (unnamed == null) {
      throw new IllegalStateException(archive.name() + " was opened from nowhere");
    }
    return new DataObject(unnamed.name(), unnamed.size(), RecordComparison.digest(archive));
  }

  private static Counts counts(Archive archive) {
    return new Counts(
        archive.totals().entries(),
        archive.totals().files(),
        new Size(archive.totals().bytes()),
        Size.ZERO,
        archive.totals().changed());
  }
}
