package dev.keg.backup.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

/**
 * A backup as a policy sees it.
 *
 * @param verified whether the last full verification found it sound
 * @param drilled whether the last drill restored it
 */
public record RestorePoint(
    String id, Instant time, Set<String> tags, boolean verified, boolean drilled) {
  /** The tag of the backup of an archived volume, which no policy of any host forgets. */
  public static final String ARCHIVED = "archived";

  static final Comparator<RestorePoint> NEWEST_FIRST =
      Comparator.comparing(RestorePoint::time).thenComparing(RestorePoint::id).reversed();

  /** The clocks of machines differ a little. */
  private static final Duration TOLERANCE = Duration.ofMinutes(10);

  public RestorePoint {
    tags = Collections.unmodifiableSet(new TreeSet<>(tags));
  }

  /** Whether the time is in the future, so that its clock was ahead. */
  public static boolean isAhead(Instant time, Instant now) {
    return time.isAfter(now.plus(TOLERANCE));
  }
}
