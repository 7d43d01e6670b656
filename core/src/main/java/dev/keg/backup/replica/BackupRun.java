package dev.keg.backup.replica;

import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.repository.ForgetReport;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.error.InvalidInput.InvalidRepository;
import dev.keg.error.VolumeException;
import dev.keg.volume.VolumeName;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Backs up volumes one after another. A failure is remembered, and the next volume follows. At the
 * end, each repository forgets the backups of the saved volumes that the policy does not keep, for
 * all volumes at once, since this requires reading all indexes.
 */
public final class BackupRun {
  /**
   * How to keep backups.
   *
   * @param policy the backups that the repositories keep; everything if it is empty
   * @param debug receives messages of minor interest
   */
  public record Settings(
      Origin origin, RetentionPolicy policy, Clock clock, Consumer<String> debug) {}

  /** Receives each result of a run as soon as it exists. */
  public interface Listener {
    void saved(Saved saved);

    /** Older backups of the saved volumes were forgotten in the repository at this address. */
    void forgot(String repository, ForgetReport report);
  }

  private final Saving saving;
  private final Repositories repositories;
  private final KnownRepositories known;
  private final Settings settings;
  private final Listener listener;
  private final List<VolumeException> problems = new ArrayList<>();
  private final Map<String, String> locations = new HashMap<>();
  private long incomplete;

  public BackupRun(
      Saving saving,
      Repositories repositories,
      KnownRepositories known,
      Settings settings,
      Listener listener) {
    this.saving = saving;
    this.repositories = repositories;
    this.known = known;
    this.settings = settings;
    this.listener = listener;
  }

  public void toRepositories(List<String> places, List<VolumeName> volumes) {
    List<Repository> open = new ArrayList<>();
    try {
      places.forEach(place -> attempt(() -> open(place, volumes, open)));
      if (!open.isEmpty()) {
        Destination destination =
            new RepositoryDestination(
                open, settings.origin(), known.written(settings.debug()), settings.debug());
        List<Saved> done = new ArrayList<>();
        attempt(
            () -> {
              saving.prepare(volumes, destination);
              volumes.forEach(volume -> attempt(() -> done.add(save(volume, destination))));
            });
        if (!settings.policy().isEmpty()) {
          open.forEach(repository -> attempt(() -> forget(repository, done)));
        }
      }
    } finally {
      open.forEach(Repository::close);
    }
  }

  public void to(Destination destination, VolumeName volume) {
    attempt(
        () -> {
          saving.prepare(List.of(volume), destination);
          save(volume, destination);
        });
  }

  private void attempt(Runnable work) {
    try {
      work.run();
    } catch (VolumeException e) {
      problems.add(e);
    }
  }

  private void open(String location, List<VolumeName> volumes, List<Repository> open) {
    repositories.unused(location).ifPresent(directory -> saving.requireOutside(volumes, directory));
    Repository repository = repositories.openOrCreateToWrite(location);
    if (repository.store().isWriteOnly() && !settings.policy().isEmpty()) {
      repository.close();
      throw new InvalidRepository(
          "a write key cannot forget backups in " + repository.address(),
          "leave out the --keep options, and run `keg forget` on a host whose key opens it");
    }
    if (locations.putIfAbsent(repository.address(), location) != null) {
      repository.close();
      return;
    }
    open.add(repository);
    if (repository.isNew()) {
      known.trust(location, repository);
    }
  }

  private Saved save(VolumeName volume, Destination destination) {
    Saved saved = saving.save(volume, destination);
    saved.places().forEach(this::remember);
    listener.saved(saved);
    problems.addAll(saved.problems());
    incomplete += saved.whole() ? 0 : 1;
    return saved;
  }

  // Only a convenience for later commands.
  private void remember(String address) {
    try {
      String location = locations.remove(address);
      if (location != null) {
        known.remember(location);
      }
    } catch (VolumeException e) {
      settings.debug().accept("cannot remember " + address + ": " + e.getMessage());
    }
  }

  private void forget(Repository repository, List<Saved> done) {
    Set<VolumeName> saved =
        done.stream()
            .filter(backup -> backup.places().contains(repository.address()))
            .map(Saved::volume)
            .collect(Collectors.toSet());
    if (saved.isEmpty()) {
      return;
    }
    // All volumes: data of a backup that is only hidden would be taken for unused.
    BackupCatalog catalog = repository.list();
    List<RepositoryFailed> gone = catalog.gone(repository.address());
    if (!gone.isEmpty()) {
      problems.addAll(gone);
      return;
    }
    Rotation rotation =
        new Rotation(repository, settings.policy(), settings.clock().getZone(), settings.clock());
    List<Rotation.Decision> decisions =
        rotation.decide(catalog, backup -> isConcerned(backup.record(), saved));
    if (!decisions.isEmpty()) {
      ForgetReport forgotten = rotation.run(decisions);
      if (!forgotten.forgotten().isEmpty()) {
        listener.forgot(repository.address(), forgotten);
      }
    }
  }

  private boolean isConcerned(BackupRecord backup, Set<VolumeName> saved) {
    return saved.contains(backup.volume().name())
        && backup.origin().host().equals(settings.origin().host());
  }

  /** The failures. */
  public List<VolumeException> problems() {
    return List.copyOf(problems);
  }

  /** The number of volumes with files that changed while they were read, or could not be read. */
  public long incomplete() {
    return incomplete;
  }
}
