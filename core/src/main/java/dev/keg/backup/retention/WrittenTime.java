package dev.keg.backup.retention;

import dev.keg.volume.Moment;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * The latest time of a wanted backup, in a common notation:
 *
 * <pre>
 * 2026-11-28  20261128  today  yesterday     the end of that day
 * 2026-11-28 06:30[:15]            20261128_063000
 * </pre>
 *
 * and all notations of {@link Moment}. Without a zone, the clock's applies.
 */
public final class WrittenTime {
  private static final DateTimeFormatter COMPACT = DateTimeFormatter.ofPattern("uuuuMMdd_HHmmss");

  private WrittenTime() {}

  public static Optional<Instant> parse(String text, Clock clock) {
    try {
      return day(text, clock)
          .map(day -> day.plusDays(1).atStartOfDay(clock.getZone()).toInstant().minusNanos(1))
          .or(() -> time(text).map(time -> time.atZone(clock.getZone()).toInstant()))
          .or(() -> Moment.parse(text, clock));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static Optional<LocalDate> day(String text, Clock clock) {
    return switch (text) {
      case "today" -> Optional.of(LocalDate.now(clock));
      case "yesterday" -> Optional.of(LocalDate.now(clock).minusDays(1));
      default ->
          text.matches("\\d{4}-?\\d\\d-?\\d\\d")
              ? Optional.of(
                  LocalDate.parse(text.replace("-", ""), DateTimeFormatter.BASIC_ISO_DATE))
              : Optional.empty();
    };
  }

  private static Optional<LocalDateTime> time(String text) {
    if (text.matches("\\d{8}_\\d{6}")) {
      return Optional.of(LocalDateTime.parse(text, COMPACT));
    }
    return text.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d(:\\d\\d)?")
        ? Optional.of(LocalDateTime.parse(text.replace(' ', 'T')))
        : Optional.empty();
  }
}
