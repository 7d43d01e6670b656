package dev.keg.backup.repository;

import dev.keg.backup.repository.Check.Level;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A backup's known state, from its checks: damage counts until a check of at least the same level
 * finds the backup good again.
 */
public record CheckState(List<Mark> marks) {
  /** A check without its findings, as its object's name shows it. */
  public record Mark(Level level, Instant time, boolean good) {}

  public CheckState {
    marks = marks.stream().sorted(Comparator.comparing(Mark::time)).toList();
  }

  /** The last check of any level. */
  public Optional<Mark> last() {
    return marks.isEmpty() ? Optional.empty() : Optional.of(marks.getLast());
  }

  /**
   * The last of the most thorough successful checks; a later superficial one does not replace it.
   */
  public Optional<Mark> best() {
    return marks.stream()
        .filter(Mark::good)
        .max(Comparator.comparing(Mark::level).thenComparing(Mark::time));
  }

  public boolean damaged() {
    return marks.stream().anyMatch(mark -> !mark.good() && !refuted(mark));
  }

  private boolean refuted(Mark bad) {
    return marks.stream()
        .anyMatch(
            mark ->
                mark.good()
                    && mark.time().isAfter(bad.time())
                    && mark.level().compareTo(bad.level()) >= 0);
  }

  /** Whether all of its data was read and found good, without damage found since. */
  public boolean verified() {
    return isGood(Level.FULL);
  }

  /** Whether a drill restored it, without damage found since. */
  public boolean drilled() {
    return isGood(Level.DRILL);
  }

  private boolean isGood(Level level) {
    return !damaged()
        && marks.stream().anyMatch(mark -> mark.good() && mark.level().compareTo(level) >= 0);
  }
}
