package dev.keg.policy;

import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.CheckState.Mark;
import dev.keg.backup.retention.Age;
import dev.keg.backup.retention.RestorePoint;
import dev.keg.error.VolumeException;
import dev.keg.volume.VolumeName;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/** Compares what the policies require with what the repositories have. */
final class DueWork {
  private final SortedMap<VolumeName, BackupPlan> plans;
  private final String host;
  private final ZonedDateTime now;
  private final Function<String, BackupCatalog> catalogs;
  private final Map<String, Optional<BackupCatalog>> known = new HashMap<>();
  private final List<VolumeException> problems = new ArrayList<>();

  /**
   * @param catalogs provides the catalogue of the repository at a location
   */
  DueWork(
      SortedMap<VolumeName, BackupPlan> plans,
      String host,
      ZonedDateTime now,
      Function<String, BackupCatalog> catalogs) {
    this.plans = plans;
    this.host = host;
    this.now = now;
    this.catalogs = catalogs;
  }

  List<Task.Save> saves() {
    List<Task.Save> due = new ArrayList<>();
    each(
        (volume, location, plan, backups) -> {
          Optional<Instant> last = newest(backups).map(backup -> backup.record().started());
          why(last, plan.every(), "backed up")
              .ifPresent(why -> due.add(new Task.Save(volume, location, why)));
        });
    return due;
  }

  List<Task.Verify> verifications() {
    return proofs(BackupPlan::verify, Level.FULL, "verified", Task.Verify::new);
  }

  List<Task.Drill> drills() {
    return proofs(BackupPlan::drill, Level.DRILL, "drilled", Task.Drill::new);
  }

  private interface TaskMaker<T> {
    T of(VolumeName volume, String location, String why, Backup newest);
  }

  /** The checks that prove the newest backup to be good, with at least this level. */
  private <T> List<T> proofs(
      Function<BackupPlan, Optional<Age>> every, Level level, String done, TaskMaker<T> maker) {
    List<T> due = new ArrayList<>();
    each(
        (volume, location, plan, backups) -> {
          Optional<Backup> newest = newest(backups);
          Optional<Age> age = every.apply(plan);
          if (age.isPresent() && newest.isPresent()) {
            why(proven(backups, level), age.get(), done)
                .ifPresent(why -> due.add(maker.of(volume, location, why, newest.get())));
          }
        });
    return due;
  }

  /** The repositories that could not be read. */
  List<VolumeException> problems() {
    return problems;
  }

  private interface Visitor {
    void visit(VolumeName volume, String location, BackupPlan plan, List<Backup> backups);
  }

  private void each(Visitor visitor) {
    plans.forEach(
        (volume, plan) ->
            plan.to()
                .forEach(
                    location ->
                        catalog(location)
                            .ifPresent(
                                catalog ->
                                    visitor.visit(volume, location, plan, own(catalog, volume)))));
  }

  private Optional<BackupCatalog> catalog(String location) {
    return known.computeIfAbsent(location, this::read);
  }

  private Optional<BackupCatalog> read(String location) {
    try {
      return Optional.of(catalogs.apply(location));
    } catch (VolumeException e) {
      problems.add(e);
      return Optional.empty();
    }
  }

  /** The backups of this host, without those from a clock that was ahead, which do not count. */
  private List<Backup> own(BackupCatalog catalog, VolumeName volume) {
    return catalog.backups().stream()
        .filter(backup -> backup.record().volume().name().equals(volume))
        .filter(backup -> backup.record().origin().host().equals(host))
        .filter(backup -> !RestorePoint.isAhead(backup.record().started(), now.toInstant()))
        .toList();
  }

  private static Optional<Backup> newest(List<Backup> backups) {
    return backups.stream().max(Comparator.comparing(backup -> backup.record().started()));
  }

  private static Optional<Instant> proven(List<Backup> backups, Level level) {
    return backups.stream()
        .flatMap(backup -> backup.checks().marks().stream())
        .filter(mark -> mark.good() && mark.level().compareTo(level) >= 0)
        .map(Mark::time)
        .max(Comparator.naturalOrder());
  }

  private Optional<String> why(Optional<Instant> last, Age every, String done) {
    if (last.isEmpty()) {
      return Optional.of("never " + done);
    }
    ZonedDateTime time = last.get().atZone(now.getZone());
    return every.isDue(time, now)
        ? Optional.of("last %s %s, every %s".formatted(done, last.get(), every))
        : Optional.empty();
  }
}
