package dev.keg.backup.replica;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.index.Totals;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.backup.archive.write.ContentSharing;
import dev.keg.backup.archive.write.ContentSharing.Segments;
import dev.keg.backup.archive.write.Predecessor;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.BackupRecord.Counts;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.ObjectLock;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.Copied;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
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
import java.util.stream.Stream;

/**
 * A backup that is being written to its repositories: first the data, then the record that makes it
 * exist.
 */
final class RepositoryDraft implements Destination.BackupDraft, Segments {
  private static final String FULL = ".tar.zst";

  /**
   * A backup without a predecessor is written to objects of this length, so that a later run
   * continues where it was interrupted. Their length grows with the amount written, since each
   * record names them all.
   */
  static final Size SEGMENT = new Size(1 << 30);

  private static final int PART = 16;
  private static final long LONGEST = 64L << 30;

  private final Origin origin;
  private final Volume volume;
  private final SaveRequest request;
  private final Baseline baseline;
  private final WrittenBackups written;
  private final Size segment;
  private final Replicas<Repository> replicas = new Replicas<>();
  private final List<DataObject> ended = new ArrayList<>();
  private volatile long endedBytes;

  private Optional<String> twin = Optional.empty();

  // For the current object; those of the last object are the backup's.
  private volatile BackupId id;
  private volatile ObjectName name;

  /**
   * @param segment the minimum length of an object; zero if the id is fixed
   */
  RepositoryDraft(
      BackupId id,
      Origin origin,
      Volume volume,
      SaveRequest request,
      Baseline baseline,
      WrittenBackups written,
      Supplier<Size> usage,
      Size segment) {
    this.segment = segment;
    this.id = id;
    this.origin = origin;
    this.volume = volume;
    this.request = request;
    this.baseline = baseline;
    this.written = written;
    String suffix = isPartial() ? Archive.PARTIAL : FULL;
    name = Repository.dataName(volume.name(), id, suffix);
    boolean sized =
        baseline.repositories().stream().map(Repository::store).anyMatch(ObjectStore::wantsSizes);
    Size size = sized ? bounded(size(usage)) : Size.ZERO;
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

  /**
   * An estimate: an incremental backup is at most as large as the previous one, a full one as large
   * as the volume.
   */
  private Size size(Supplier<Size> usage) {
    Optional<Size> last = expected();
    return baseline.predecessor().isPresent() && last.isPresent() ? last.get() : usage.get();
  }

  private Size bounded(Size size) {
    return isSegmented() ? new Size(Math.min(size.bytes(), 2 * length())) : size;
  }

  /** Not if data cannot be read back, since then no run could continue. */
  private boolean isSegmented() {
    return segment.bytes() > 0
        && baseline.parent().isEmpty()
        && baseline.sharing().isPresent()
        && baseline.repositories().stream()
            .map(Repository::store)
            .noneMatch(ObjectStore::isWriteOnly);
  }

  @Override
  public long length() {
    return Math.max(segment.bytes(), Math.min(endedBytes / PART, LONGEST));
  }

  @Override
  public String next() {
    Size size = replicas.size();
    replicas.publish();
    throwFailure();
    Repository first = replicas.left().getFirst();
    String last = name.text();
    try (Archive written = reopened(size)) {
      ended.add(new DataObject(name, size, RecordComparison.digest(written)));
    }
    endedBytes = ended.stream().mapToLong(object -> object.size().bytes()).sum();
    do {
      id = first.idBeside(id);
    } while (isTaken(id));
    name = Repository.dataName(volume.name(), id, Archive.PARTIAL);
    Size expected = new Size(2 * length());
    replicas.turn(repository -> repository.begin(volume.name(), id, Archive.PARTIAL, expected));
    throwFailure();
    return last;
  }

  /**
   * Whether the random id, of which there are a million, is already used: two objects with the same
   * id would be confused.
   */
  private boolean isTaken(BackupId other) {
    return ended.stream().anyMatch(object -> object.name().last().startsWith(other.text()));
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
  public Optional<ContentSharing> sharing() {
    return isSegmented() ? baseline.sharing().map(with -> with.in(this)) : baseline.sharing();
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
    return Stream.concat(baseline.warnings().stream(), twin.stream()).toList();
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
    // An archive that would equal the previous one is not written.
    boolean same = summary.written() == 0;
    Size size = replicas.left().isEmpty() ? Size.ZERO : replicas.size();
    if (!same) {
      replicas.publish();
    }
    throwFailure();
    List<VolumeException> problems = new ArrayList<>();
    List<String> places = new ArrayList<>();
    BackupRecord record = record(summary, same ? baseObjects() : objects(summary.totals(), size));
    for (Repository repository : replicas.left()) {
      try {
        // Another backup may have built on the finished objects, and their rests have what that
        // needs.
        Copied own = Copied.none(ended.stream().map(DataObject::name).toList());
        repository.publish(record, baseline.bases(), own);
        places.add(repository.address());
        new ObjectLock(repository).bases(record);
        if (repository.store().isWriteOnly()) {
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
    twin = written.made(record, baseline.record());
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
        baseline.parent().orElse(null),
        objects);
  }

  private List<DataObject> baseObjects() {
    return baseline.bases().getFirst().objects();
  }

  /** The archive, read back from its first repository. */
  private Archive reopened(Size size) {
    DataObject unnamed = new DataObject(name, size, "unknown");
    Repository repository = replicas.left().getFirst();
    return Archive.open(
        name.text(), new StoredArchives(repository.store(), Map.of(name.text(), unnamed)));
  }

  /** The archive and those that its index refers to, read back from the store. */
  private List<DataObject> objects(Totals totals, Size size) {
    try (Archive written = reopened(size)) {
      if (!written.totals().equals(totals)) {
        throw new BackupFailed(
            volume.name().text(),
            replicas.left().getFirst().address() + " returns another archive");
      }
      List<DataObject> objects = new ArrayList<>();
      objects.add(new DataObject(name, size, RecordComparison.digest(written)));
      Set<String> needed = new HashSet<>(written.objects());
      for (DataObject object : ended) {
        if (needed.remove(object.name().text())) {
          objects.add(object);
        }
      }
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
