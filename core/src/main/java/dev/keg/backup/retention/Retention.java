package dev.keg.backup.retention;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Applies a policy to the backups of one volume. Counters and buckets work as in restic: the newest
 * backup of an interval represents it, and as long as a counter is not used up, the oldest backup
 * is kept too, so that the history grows to what the policy allows.
 */
public final class Retention {
  private final RetentionPolicy policy;
  private final ZoneId zone;

  /**
   * @param zone determines where an hour, a day or a week begins
   */
  public Retention(RetentionPolicy policy, ZoneId zone) {
    this.policy = policy;
    this.zone = zone;
  }

  /**
   * The verdicts, newest backup first. Ages count from the newest backup rather than from now, so a
   * volume that is no longer backed up keeps its last ones. A backup from the future had a wrong
   * clock: it is kept, and does not count towards the policy.
   */
  public List<Verdict> decide(Collection<RestorePoint> points, Instant now) {
    List<RestorePoint> all = points.stream().sorted(RestorePoint.NEWEST_FIRST).toList();
    if (policy.isEmpty()) {
      return all.stream().map(point -> new Verdict(point, List.of("no policy"))).toList();
    }
    Predicate<RestorePoint> ahead = point -> RestorePoint.isAhead(point.time(), now);
    List<Verdict> verdicts = new ArrayList<>();
    all.stream()
        .filter(ahead)
        .forEach(point -> verdicts.add(new Verdict(point, List.of("from the future"))));
    verdicts.addAll(decide(all.stream().filter(ahead.negate()).toList()));
    return verdicts;
  }

  private List<Verdict> decide(List<RestorePoint> ordered) {
    if (ordered.isEmpty()) {
      return List.of();
    }
    Instant newest = ordered.getFirst().time();
    Counters counters = new Counters();
    List<Verdict> verdicts = new ArrayList<>();
    for (int position = 0; position < ordered.size(); position++) {
      RestorePoint point = ordered.get(position);
      boolean oldest = position == ordered.size() - 1;
      List<String> reasons = new ArrayList<>(tagged(point));
      reasons.addAll(within(point, newest));
      reasons.addAll(counters.take(point, position, oldest));
      verdicts.add(new Verdict(point, reasons));
    }
    return protectNewest(verdicts);
  }

  private static List<Verdict> protectNewest(List<Verdict> verdicts) {
    List<Verdict> first = protect(verdicts, _ -> true, "newest backup");
    List<Verdict> sound =
        protect(first, verdict -> verdict.point().verified(), "newest verified backup");
    // It shows when the next drill is due, and that a restore has succeeded.
    return protect(sound, verdict -> verdict.point().drilled(), "newest drilled backup");
  }

  private static List<Verdict> protect(
      List<Verdict> verdicts, Predicate<Verdict> candidates, String reason) {
    Optional<Verdict> newest = verdicts.stream().filter(candidates).findFirst();
    return verdicts.stream()
        .map(
            verdict ->
                newest.filter(verdict::equals).isPresent() && !verdict.kept()
                    ? new Verdict(verdict.point(), List.of(reason))
                    : verdict)
        .toList();
  }

  private List<String> tagged(RestorePoint point) {
    return Stream.concat(policy.tags().stream(), Stream.of(Set.of(RestorePoint.ARCHIVED)))
        .filter(point.tags()::containsAll)
        .map(tags -> "has tags " + String.join(",", tags))
        .distinct()
        .toList();
  }

  private List<String> within(RestorePoint point, Instant newest) {
    Age age = policy.within();
    if (age == null) {
      return List.of();
    }
    ZonedDateTime limit = age.before(newest.atZone(zone));
    return point.time().isAfter(limit.toInstant()) ? List.of("within " + age) : List.of();
  }

  /** How many intervals of each kind are left, and the last one counted. */
  private final class Counters {
    private final Map<Interval, Integer> left = new EnumMap<>(Interval.class);
    private final Map<Interval, Object> counted = new EnumMap<>(Interval.class);

    Counters() {
      left.putAll(policy.counts());
    }

    List<String> take(RestorePoint point, int position, boolean oldest) {
      List<String> reasons = new ArrayList<>();
      for (Interval interval : List.copyOf(left.keySet())) {
        Object stretch = interval.stretch(point.time().atZone(zone), position);
        boolean fresh = !stretch.equals(counted.get(interval));
        if (fresh || oldest) {
          counted.put(interval, stretch);
          left.computeIfPresent(interval, (_, count) -> remaining(count));
          reasons.add(fresh ? interval.toString() : "oldest " + interval);
        }
      }
      return reasons;
    }

    /** One less; null, which removes the entry, after the last one. */
    private static @Nullable Integer remaining(int count) {
      if (count == RetentionPolicy.UNLIMITED) {
        return count;
      }
      return count == 1 ? null : count - 1;
    }
  }
}
