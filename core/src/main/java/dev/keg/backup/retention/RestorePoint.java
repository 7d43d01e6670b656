package dev.keg.backup.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

/**
 * One backup as a policy sees it.
 *
 * @param verified whether the last full verification found it whole
 * @param drilled whether the last drill could restore it
 */
public record RestorePoint(
    String id, Instant time, Set<String> tags, boolean verified, boolean drilled) {
  /** The tag of a backup that a volume was archived in: no policy, of whatever host, forgets it. */
  public static final String ARCHIVED = "archived";

  static final Comparator<RestorePoint> NEWEST_FIRST =
      Comparator.comparing(RestorePoint::time).thenComparing(RestorePoint::id).reversed();

  /** Clocks of machines differ a little. */
  private static final Duration TOLERANCE = Duration.ofMinutes(10);

  public RestorePoint {
    tags = Collections.unmodifiableSet(new TreeSet<>(tags));
  }

  /** Whether the time has not come yet, so that the clock that told it was ahead. */
  public static boolean isAhead(Instant time, Instant now) {
    return time.isAfter(now.plus(TOLERANCE));
  }
}
