package dev.keg.backup.retention;

import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** The intervals in each of which a policy keeps the newest backup. */
public enum Interval {
  LAST,
  HOURLY,
  DAILY,
  WEEKLY,
  MONTHLY,
  YEARLY;

  /**
   * A value that is equal for all backups in one interval. Weeks are those of ISO 8601, so the last
   * days of December may belong to the next year's first week.
   *
   * @param position the position of the backup, newest first: for {@link #LAST}, each is its own
   *     interval
   */
  Object stretch(ZonedDateTime time, int position) {
    return switch (this) {
      case LAST -> position;
      case HOURLY -> time.toLocalDateTime().truncatedTo(ChronoUnit.HOURS);
      case DAILY -> time.toLocalDate();
      case WEEKLY ->
          time.get(IsoFields.WEEK_BASED_YEAR) * 100 + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case MONTHLY -> time.getYear() * 100 + time.getMonthValue();
      case YEARLY -> time.getYear();
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
