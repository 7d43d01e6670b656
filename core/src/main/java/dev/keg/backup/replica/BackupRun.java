package dev.keg.backup.replica;

import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.repository.Catalog;
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
import java.util.function.Consumer;

/**
 * Backs up volumes one after the other. What fails is remembered, and the next volume has its turn;
 * repositories then forget what the policy does not keep of a volume that was saved.
 */
public final class BackupRun {
  /**
   * How backups are kept.
   *
   * @param policy what the repositories keep; everything if it is empty
   * @param debug hears of what matters to nobody else
   */
  public record Settings(
      Origin origin, RetentionPolicy policy, Clock clock, Consumer<String> debug) {}

  /** Hears what a run does, as soon as it is done. */
  public interface Report {
    void saved(Saved saved);

    /** Older backups of a volume are forgotten, in the repository at this address. */
    void forgot(VolumeName volume, String repository, ForgetReport report);
  }

  private final Saving saving;
  private final Repositories repositories;
  private final KnownRepositories known;
  private final Settings settings;
  private final Report report;
  private final List<VolumeException> problems = new ArrayList<>();
  private final Map<String, String> locations = new HashMap<>();
  private long incomplete;

  public BackupRun(
      Saving saving,
      Repositories repositories,
      KnownRepositories known,
      Settings settings,
      Report report) {
    this.saving = saving;
    this.repositories = repositories;
    this.known = known;
    this.settings = settings;
    this.report = report;
  }

  public void toRepositories(List<String> places, List<VolumeName> volumes) {
    List<Repository> open = new ArrayList<>();
    try {
      places.forEach(place -> attempt(() -> open(place, volumes, open)));
      if (!open.isEmpty()) {
        Destination destination =
            new RepositoryDestination(
                open, settings.origin(), known.written(settings.debug()), settings.debug());
        attempt(
            () -> {
              saving.prepare(volumes, destination);
              volumes.forEach(volume -> attempt(() -> finish(open, save(volume, destination))));
            });
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
    if (repository.isWriteOnly() && !settings.policy().isEmpty()) {
      repository.close();
      throw new InvalidRepository(
          "a write key forgets nothing in " + repository.address(),
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
    report.saved(saved);
    problems.addAll(saved.problems());
    incomplete += saved.whole() ? 0 : 1;
    return saved;
  }

  private void finish(List<Repository> open, Saved saved) {
    saved.places().forEach(this::remember);
    if (!settings.policy().isEmpty()) {
      open.stream()
          .filter(repository -> saved.places().contains(repository.address()))
          .forEach(repository -> attempt(() -> forget(repository, saved.volume())));
    }
  }

  // A convenience for later, and no part of the backup.
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

  private void forget(Repository repository, VolumeName volume) {
    Rotation rotation =
        new Rotation(repository, settings.policy(), settings.clock().getZone(), settings.clock());
    String host = settings.origin().host();
    Catalog catalog = repository.list(volume);
    List<RepositoryFailed> gone = catalog.gone(repository.address());
    if (!gone.isEmpty()) {
      problems.addAll(gone);
      return;
    }
    ForgetReport forgotten =
        rotation.run(
            rotation.decide(catalog, backup -> backup.record().origin().host().equals(host)));
    if (!forgotten.forgotten().isEmpty()) {
      report.forgot(volume, repository.address(), forgotten);
    }
  }

  /** What failed. */
  public List<VolumeException> problems() {
    return List.copyOf(problems);
  }

  /** How many volumes have files that changed while they were read, or could not be read. */
  public long incomplete() {
    return incomplete;
  }
}
