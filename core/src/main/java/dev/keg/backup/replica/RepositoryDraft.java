package dev.keg.backup.replica;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.index.Totals;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.backup.archive.write.Predecessor;
import dev.keg.backup.archive.write.Sharing;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.BackupRecord.Counts;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.Keeping;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.backup.store.ObjectName;
import dev.keg.error.BackupException.BackupFailed;
import dev.keg.error.VolumeException;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A backup on its way into its repositories: the data first, then the record that makes it one. */
final class RepositoryDraft implements Destination.Draft {
  private static final String FULL = ".tar.zst";

  private final Origin origin;
  private final Volume volume;
  private final SaveRequest request;
  private final Baseline baseline;
  private final WrittenBackups written;
  private final BackupId id;
  private final ObjectName name;
  private final Replicas<Repository> replicas = new Replicas<>();

  RepositoryDraft(
      BackupId id,
      Origin origin,
      Volume volume,
      SaveRequest request,
      Baseline baseline,
      WrittenBackups written,
      Supplier<Size> usage) {
    this.id = id;
    this.origin = origin;
    this.volume = volume;
    this.request = request;
    this.baseline = baseline;
    this.written = written;
    String suffix = isPartial() ? Archive.PARTIAL : FULL;
    name = Repository.dataName(volume.name(), id, suffix);
    boolean sized = baseline.repositories().stream().anyMatch(Repository::wantsSizes);
    Size size = sized ? size(usage) : Size.ZERO;
    baseline.failures().forEach(replicas::fail);
    for (Repository repository : baseline.repositories()) {
      try {
        replicas.add(repository, repository.begin(volume.name(), id, suffix, size));
      } catch (VolumeException e) {
        replicas.fail(repository, e);
      }
    }
    throwFailure();
  }

  /** A partial backup may hold as much as the last one had in all; a full one what there is. */
  private Size size(Supplier<Size> usage) {
    Optional<Size> last = expected();
    return baseline.predecessor().isPresent() && last.isPresent() ? last.get() : usage.get();
  }

  @Override
  public String name() {
    return name.text();
  }

  @Override
  public Compression compression() {
    return new Compression.Zstd(request.level().orElse(Compression.Zstd.DEFAULT_LEVEL));
  }

  @Override
  public Optional<Predecessor> previous() {
    return baseline.predecessor();
  }

  @Override
  public Optional<Sharing> sharing() {
    return baseline.sharing();
  }

  private boolean isPartial() {
    return baseline.predecessor().isPresent()
        || baseline.sharing().filter(with -> !with.known().isEmpty()).isPresent();
  }

  @Override
  public boolean isBuiltOn() {
    return true;
  }

  @Override
  public List<String> warnings() {
    return baseline.warnings();
  }

  @Override
  public Optional<Size> expected() {
    return baseline.record().map(record -> record.counts().size());
  }

  @Override
  public WritableByteChannel channel() {
    return replicas;
  }

  @Override
  public void throwFailure() {
    replicas.requireOne();
  }

  @Override
  public Saved publish(ArchiveSummary summary, Duration took) {
    // An archive that would be the same as the one before is not written.
    boolean same = summary.written() == 0;
    if (!same) {
      replicas.publish();
    }
    throwFailure();
    List<VolumeException> problems = new ArrayList<>();
    List<String> places = new ArrayList<>();
    BackupRecord record = record(summary, same ? parentsObjects() : objects(summary));
    for (Repository repository : replicas.left()) {
      try {
        repository.publish(record, baseline.bases());
        places.add(repository.address());
        new Keeping(repository).bases(record);
        if (repository.isWriteOnly()) {
          written.remember(repository, record);
        }
      } catch (VolumeException e) {
        problems.add(e);
      }
    }
    problems.addAll(replicas.failures());
    if (places.isEmpty()) {
      throw Replicas.all(problems);
    }
    return new Saved(volume.name(), id, record.parent(), places, summary, took, problems);
  }

  private BackupRecord record(ArchiveSummary summary, List<DataObject> objects) {
    Totals totals = summary.totals();
    return new BackupRecord(
        id,
        volume,
        origin,
        replicas.left().getFirst().now(),
        request.tags(),
        new Counts(
            totals.entries(),
            totals.files(),
            new Size(totals.bytes()),
            new Size(summary.written()),
            totals.changed()),
        baseline.predecessor().flatMap(_ -> baseline.record()).map(BackupRecord::id).orElse(null),
        objects);
  }

  private List<DataObject> parentsObjects() {
    return baseline.record().map(BackupRecord::objects).orElseThrow();
  }

  /** The archive and those that its index refers to, read back from where it went. */
  private List<DataObject> objects(ArchiveSummary summary) {
    Repository repository = replicas.left().getFirst();
    DataObject unnamed = new DataObject(name, new Size(summary.written()), "unknown");
    StoredArchives stored = new StoredArchives(repository.store(), Map.of(name.text(), unnamed));
    try (Archive written = Archive.open(name.text(), stored)) {
      if (!written.totals().equals(summary.totals())) {
        throw new BackupFailed(
            volume.name().text(), repository.address() + " gives back another archive");
      }
      List<DataObject> objects = new ArrayList<>();
      objects.add(new DataObject(name, unnamed.size(), RecordComparison.digest(written)));
      Set<String> needed = new HashSet<>(written.objects());
      for (BackupRecord base : baseline.bases()) {
        for (DataObject object : base.objects()) {
          if (needed.remove(object.name().text())) {
            objects.add(object);
          }
        }
      }
      if (!needed.isEmpty()) {
        throw new IllegalStateException("an archive that refers to " + needed);
      }
      return objects;
    }
  }

  @Override
  public void close() {
    baseline.close();
    replicas.close();
  }
}
