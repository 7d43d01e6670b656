package dev.keg.policy;

import dev.keg.backup.retention.Age;
import dev.keg.backup.retention.RestorePoint;
import dev.keg.backup.retention.Retention;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.backup.retention.Verdict;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeName;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares the snapshots of a volume with its policy. The policy applies only to snapshots that it
 * took itself; an operator's stays until it expires.
 */
record SnapshotWork(VolumePolicy policy, List<Snapshot> snapshots, ZonedDateTime now) {
  private VolumeName volume() {
    return policy.volume().name();
  }

  /** The snapshot to take. */
  Optional<Task.MakeSnapshot> make() {
    return policy
        .parse(PolicyKey.SNAPSHOT_EVERY, Age::parse)
        .flatMap(every -> why(every))
        .map(why -> new Task.MakeSnapshot(volume(), why));
  }

  private Optional<String> why(Age every) {
    Optional<Instant> last =
        scheduled().stream().map(Snapshot::created).max(Comparator.naturalOrder());
    if (last.isEmpty()) {
      return Optional.of("never made");
    }
    return every.isDue(last.get().atZone(now.getZone()), now)
        ? Optional.of("last made %s, every %s".formatted(last.get(), every))
        : Optional.empty();
  }

  /** Snapshots from a clock that was ahead do not count. */
  private List<Snapshot> scheduled() {
    return snapshots.stream()
        .filter(Snapshot::scheduled)
        .filter(snapshot -> !RestorePoint.isAhead(snapshot.created(), now.toInstant()))
        .toList();
  }

  /** The snapshots to remove; a protected volume keeps all. */
  List<Task.RemoveSnapshot> remove() {
    if (policy.volume().details().protection().holdsAt(now.toInstant())) {
      return List.of();
    }
    List<Task.RemoveSnapshot> due = new ArrayList<>();
    Set<String> unkept = unkept();
    for (Snapshot snapshot : snapshots) {
      SnapshotName name = snapshot.name();
      if (snapshot.hasExpired(now.toInstant())) {
        String end = snapshot.expires().map(Instant::toString).orElse("");
        due.add(new Task.RemoveSnapshot(volume(), name, name + " expired " + end));
      } else if (unkept.contains(name.text())) {
        due.add(new Task.RemoveSnapshot(volume(), name, name + " is not kept by the policy"));
      }
    }
    return due;
  }

  private Set<String> unkept() {
    RetentionPolicy keep =
        policy
            .parse(PolicyKey.SNAPSHOT_KEEP, RetentionPolicy::parse)
            .orElse(RetentionPolicy.KEEP_ALL);
    List<RestorePoint> points =
        scheduled().stream()
            .map(one -> new RestorePoint(one.name().text(), one.created(), Set.of(), false, false))
            .toList();
    return new Retention(keep, now.getZone())
        .decide(points, now.toInstant()).stream()
            .filter(verdict -> !verdict.kept())
            .map(Verdict::point)
            .map(RestorePoint::id)
            .collect(Collectors.toSet());
  }
}
