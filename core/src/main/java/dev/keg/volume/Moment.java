package dev.keg.volume;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A point in time in the notations of docker and podman: seconds since 1970, RFC 3339 with or
 * without zone, a date, or how long ago as a Go duration ({@code 1h30m}).
 */
public final class Moment {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,11}(\\.\\d{1,9})?");
  private static final Pattern DURATION =
      Pattern.compile("(\\d+(\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private Moment() {}

  /** The time that the text denotes, given the clock's time and zone. */
  public static Optional<Instant> parse(String text, Clock clock) {
    try {
      if (SECONDS.matcher(text).matches()) {
        return Optional.of(seconds(text));
      }
      Optional<Duration> ago = duration(text);
      return ago.isPresent() ? ago.map(clock.instant()::minus) : Optional.of(calendar(text, clock));
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static Instant seconds(String text) {
    BigDecimal value = new BigDecimal(text);
    long whole = value.longValue();
    return Instant.ofEpochSecond(
        whole, value.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue());
  }

  /** A Go duration such as {@code 1h30m}. */
  public static Optional<Duration> duration(String text) {
    Matcher part = DURATION.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (end < text.length()) {
      if (!part.find(end) || part.start() != end) {
        return Optional.empty();
      }
      BigDecimal nanos =
          new BigDecimal(part.group(1))
              .multiply(BigDecimal.valueOf(NANOS.getOrDefault(part.group(3), 0L)));
      sum = sum.plusNanos(nanos.longValueExact());
      end = part.end();
    }
    return end == 0 ? Optional.empty() : Optional.of(sum);
  }

  private static Instant calendar(String text, Clock clock) {
    if (text.indexOf('T') < 0) {
      return LocalDate.parse(text).atStartOfDay(clock.getZone()).toInstant();
    }
    boolean zoned = text.matches(".*(Z|[+-]\\d\\d:\\d\\d)");
    return zoned
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).atZone(clock.getZone()).toInstant();
  }
}
