package dev.keg.backup.replica;

import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.ForgetReport;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.Grace;
import dev.keg.backup.retention.Retention;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.backup.retention.Verdict;
import dev.keg.volume.VolumeName;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Forgets what a policy does not keep, separately for each volume of each host. */
public final class Rotation {
  private final Repository repository;
  private final RetentionPolicy policy;
  private final ZoneId zone;
  private final InstantSource clock;

  public Rotation(Repository repository, RetentionPolicy policy, ZoneId zone, InstantSource clock) {
    this.repository = repository;
    this.policy = policy;
    this.zone = zone;
    this.clock = clock;
  }

  /** A backup and the verdict on it. */
  public record Decision(Backup backup, Verdict verdict) {}

  /** The policy's decisions: by volume, the newest backup first. */
  public List<Decision> decide(BackupCatalog catalog, Predicate<Backup> concerned) {
    Retention retention = new Retention(policy, zone);
    List<Decision> decisions = new ArrayList<>();
    for (List<Backup> history : catalog.histories()) {
      List<Backup> backups = history.stream().filter(concerned).toList();
      Map<String, Backup> byId =
          backups.stream().collect(Collectors.toMap(b -> b.id().text(), Function.identity()));
      for (Verdict verdict :
          retention.decide(backups.stream().map(Backup::restorePoint).toList(), clock.instant())) {
        Backup backup = byId.get(verdict.point().id());
        if (backup != null) {
          decisions.add(new Decision(backup, verdict));
        }
      }
    }
    return decisions;
  }

  /**
   * The same decisions, except that backups with the only data of a volume are kept.
   *
   * @param archived those volumes by the ids of the backups
   */
  public static List<Decision> keepArchived(
      List<Decision> decisions, Map<String, VolumeName> archived) {
    return decisions.stream()
        .map(
            decision ->
                decision.verdict().kept() || !archived.containsKey(decision.backup().id().text())
                    ? decision
                    : new Decision(
                        decision.backup(),
                        new Verdict(decision.verdict().point(), List.of("archived volume"))))
        .toList();
  }

  /** Forgets what is not kept, and deletes data that has not been needed for a day. */
  public ForgetReport run(List<Decision> decisions) {
    return run(decisions, List.of(), Grace.DAY);
  }

  /**
   * The same.
   *
   * @param unreadable backups with unreadable indexes, which are forgotten, too
   * @param grace when to delete the data that they leave behind
   */
  public ForgetReport run(List<Decision> decisions, List<BackupId> unreadable, Grace grace) {
    return repository.forget(all(decisions, unreadable), grace);
  }

  /** A preview of {@link #run}. */
  public ForgetReport preview(List<Decision> decisions, List<BackupId> unreadable, Grace grace) {
    return repository.previewForget(all(decisions, unreadable), grace);
  }

  private static List<BackupId> all(List<Decision> decisions, List<BackupId> unreadable) {
    return Stream.concat(forgotten(decisions).stream(), unreadable.stream()).toList();
  }

  private static List<BackupId> forgotten(List<Decision> decisions) {
    return decisions.stream()
        .filter(decision -> !decision.verdict().kept())
        .map(decision -> decision.backup().id())
        .toList();
  }
}
