package dev.keg.backup.replica;

import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.save.Containment;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.store.ObjectStore;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Repositories that receive the same backup at once. It builds on the newest backup of the volume
 * that all of them have; without one, it is full.
 */
public final class RepositoryDestination implements Destination {
  private final List<Repository> repositories;
  private final Origin origin;
  private final WrittenBackups written;
  private final Consumer<String> debug;
  private final Size segment;
  private final Map<VolumeName, BackupId> planned = new HashMap<>();

  /**
   * @param written what this host remembers of the backups that it made
   * @param debug receives the reason if a backup is full although there are earlier ones
   */
  public RepositoryDestination(
      List<Repository> repositories,
      Origin origin,
      WrittenBackups written,
      Consumer<String> debug) {
    this(repositories, origin, written, debug, RepositoryDraft.SEGMENT);
  }

  /**
   * The same with another object length.
   *
   * @param segment the minimum length of an object in a backup without a predecessor
   */
  public RepositoryDestination(
      List<Repository> repositories,
      Origin origin,
      WrittenBackups written,
      Consumer<String> debug,
      Size segment) {
    this.segment = segment;
    this.repositories = List.copyOf(repositories);
    this.origin = origin;
    this.written = written;
    this.debug = debug;
  }

  private Baseline baseline(Volume volume, SaveRequest request) {
    return new Baseline.Search(volume, origin.host(), written, debug)
        .in(repositories, request.full());
  }

  @Override
  public Optional<Plan> plan(Volume volume, SaveRequest request) {
    if (repositories.stream().map(Repository::store).anyMatch(ObjectStore::isWriteOnly)) {
      return Optional.empty(); // changes of a disk are relative to the previous backup
    }
    Baseline baseline = baseline(volume, request);
    List<String> ids =
        baseline.repositories().stream().map(Repository::id).flatMap(Optional::stream).toList();
    if (baseline.sharing().isEmpty() || ids.size() < baseline.repositories().size()) {
      baseline.close();
      return Optional.empty();
    }
    BackupId id = planned.computeIfAbsent(volume.name(), _ -> nextId(baseline));
    return Optional.of(
        new Plan(
            ids,
            id,
            baseline.parent(),
            baseline.predecessor().filter(_ -> baseline.parent().isPresent()),
            baseline::close));
  }

  private static BackupId nextId(Baseline baseline) {
    return baseline.repositories().getFirst().nextId();
  }

  @Override
  public BackupDraft begin(Volume volume, SaveRequest request, Supplier<Size> usage) {
    Baseline baseline = baseline(volume, request);
    BackupId known = planned.remove(volume.name());
    BackupId id = known == null ? nextId(baseline) : known;
    Size length = known == null ? segment : Size.ZERO;
    return new RepositoryDraft(id, origin, volume, request, baseline, written, usage, length);
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
