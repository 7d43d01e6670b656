package dev.keg.backup.retention;

import dev.keg.error.InvalidInput.InvalidRetention;
import java.time.Instant;
import java.time.Period;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A period of the calendar, such as {@code 1y6m3d12h}, for {@code --keep-within}. */
public record Age(Period days, int hours) {
  private static final Pattern GRAMMAR =
      Pattern.compile("(?:(\\d{1,4})y)?(?:(\\d{1,5})m)?(?:(\\d{1,6})d)?(?:(\\d{1,7})h)?");

  public Age {
    if (days.isNegative() || hours < 0 || (days.isZero() && hours == 0)) {
      throw new IllegalArgumentException("an age is positive: " + days + " and " + hours + " h");
    }
  }

  public static Age parse(String text) {
    Matcher parts = GRAMMAR.matcher(text);
    if (!parts.matches() || !text.matches(".*[1-9].*")) {
      throw new InvalidRetention(
          "invalid age: '" + text + "'",
          "an age is written as years, months, days and hours: 1y6m3d12h");
    }
    return new Age(
        Period.of(number(parts, 1), number(parts, 2), number(parts, 3)), number(parts, 4));
  }

  private static int number(Matcher parts, int group) {
    String digits = parts.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  public ZonedDateTime before(ZonedDateTime time) {
    return time.minus(days).minusHours(hours);
  }

  public ZonedDateTime after(ZonedDateTime time) {
    return time.plus(days).plusHours(hours);
  }

  /**
   * Whether something that happens once per period is due again after this time. Counts calendar
   * days, or hours if the age has any: a daily task may run an hour earlier than the day before.
   */
  public boolean isDue(ZonedDateTime last, ZonedDateTime now) {
    ChronoUnit unit = hours > 0 ? ChronoUnit.HOURS : ChronoUnit.DAYS;
    return !last.truncatedTo(unit).plus(days).plusHours(hours).isAfter(now.truncatedTo(unit));
  }

  /**
   * Why something of this time is not known to be of this age or younger, in words; empty if it is.
   * A time in the future is that of a clock that was ahead, and says nothing about the age.
   */
  public Optional<String> doubt(Instant time, ZonedDateTime now) {
    if (RestorePoint.isAhead(time, now.toInstant())) {
      return Optional.of("is from the future, so that its age is unknown");
    }
    return time.isBefore(before(now).toInstant())
        ? Optional.of("is older than " + this)
        : Optional.empty();
  }

  @Override
  public String toString() {
    return unit(days.getYears(), "y")
        + unit(days.getMonths(), "m")
        + unit(days.getDays(), "d")
        + unit(hours, "h");
  }

  private static String unit(int count, String letter) {
    return count == 0 ? "" : count + letter;
  }
}
