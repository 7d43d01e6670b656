package dev.keg.cli.command;

import dev.keg.backup.replica.RepositoryDestination;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.Rotation;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.cli.session.Session;
import dev.keg.error.VolumeException;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Saves volumes one after the other, whatever fails, and lets repositories forget afterwards. */
final class SaveRun {
  private final Session session;
  private final Saving saving;
  private final RetentionPolicy policy;
  private final Consumer<Saved> report;
  private final List<VolumeException> problems = new ArrayList<>();
  private final Map<String, String> addresses = new HashMap<>();
  private long notWhole;

  SaveRun(Session session, Saving saving, RetentionPolicy policy, Consumer<Saved> report) {
    this.session = session;
    this.saving = saving;
    this.policy = policy;
    this.report = report;
  }

  void toRepositories(List<String> locations, List<VolumeName> volumes) {
    List<Repository> open = new ArrayList<>();
    try {
      for (String location : locations) {
        attempt(
            () -> {
              requireOutside(location, volumes);
              Repository repository = session.repositories().openOrCreate(location);
              if (addresses.putIfAbsent(repository.address(), location) == null) {
                open.add(repository);
              } else {
                repository.close();
              }
            });
      }
      if (!open.isEmpty()) {
        Destination destination =
            new RepositoryDestination(open, session.origin(), session.debugging());
        for (VolumeName volume : volumes) {
          attempt(() -> finish(open, save(volume, destination)));
        }
      }
    } finally {
      open.forEach(Repository::close);
    }
  }

  private void requireOutside(String location, List<VolumeName> volumes) {
    session
        .repositories()
        .unused(location)
        .ifPresent(
            directory -> {
              for (VolumeName volume : volumes) {
                if (session.volumes().exists(volume.text())) {
                  saving.requireOutside(volume, directory);
                }
              }
            });
  }

  void to(Destination destination, VolumeName volume) {
    attempt(() -> save(volume, destination));
  }

  private void attempt(Runnable work) {
    try {
      work.run();
    } catch (VolumeException e) {
      problems.add(e);
    }
  }

  private Saved save(VolumeName volume, Destination destination) {
    Saved saved = saving.save(volume, destination);
    report.accept(saved);
    problems.addAll(saved.problems());
    notWhole += saved.whole() ? 0 : 1;
    return saved;
  }

  private void finish(List<Repository> repositories, Saved saved) {
    saved.places().forEach(this::remember);
    forget(repositories, saved);
  }

  // A convenience for later, and no part of the backup.
  private void remember(String address) {
    try {
      String location = addresses.remove(address);
      if (location != null) {
        session.knownRepositories().remember(location);
      }
    } catch (VolumeException e) {
      session.debugging().accept("cannot remember " + address + ": " + e.getMessage());
    }
  }

  private void forget(List<Repository> repositories, Saved saved) {
    if (policy.isEmpty()) {
      return;
    }
    String host = session.origin().host();
    for (Repository repository : repositories) {
      if (saved.places().contains(repository.address())) {
        Rotation rotation = new Rotation(repository, policy, session.zone(), session.clock());
        attempt(
            () ->
                rotation.run(
                    rotation.decide(
                        repository.list(saved.volume()),
                        backup -> backup.record().origin().host().equals(host))));
      }
    }
  }

  List<VolumeException> problems() {
    return problems;
  }

  /** How many volumes have files that changed while they were read, or could not be read. */
  long notWhole() {
    return notWhole;
  }
}
