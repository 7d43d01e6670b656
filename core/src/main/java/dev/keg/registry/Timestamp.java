package dev.keg.registry;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Times in the format of {@link Instant#toString}, {@code 2026-11-20T10:00:55.5Z}. They are parsed
 * by hand because the general parser takes longer than the rest of a volume in a list.
 */
final class Timestamp {
  private static final String SHAPE = "0000-00-00T00:00:00";

  private Timestamp() {}

  /** Leaves any other format to {@link Instant#parse}. */
  static Instant parse(String text) {
    int fraction = SHAPE.length();
    int end = text.length() - 1;
    if (!hasShape(text, end)) {
      return Instant.parse(text);
    }
    return LocalDateTime.of(
            number(text, 0, 4),
            number(text, 5, 7),
            number(text, 8, 10),
            number(text, 11, 13),
            number(text, 14, 16),
            number(text, 17, 19),
            end == fraction ? 0 : nanos(text, fraction + 1, end))
        .toInstant(ZoneOffset.UTC);
  }

  private static boolean hasShape(String text, int end) {
    if (end < SHAPE.length() || end > SHAPE.length() + 10 || text.charAt(end) != 'Z') {
      return false;
    }
    for (int i = 0; i < SHAPE.length(); i++) {
      char wanted = SHAPE.charAt(i);
      if (wanted == '0' ? !isDigit(text.charAt(i)) : wanted != text.charAt(i)) {
        return false;
      }
    }
    return end == SHAPE.length() || isFraction(text, SHAPE.length(), end);
  }

  private static boolean isFraction(String text, int from, int end) {
    boolean fraction = text.charAt(from) == '.' && end > from + 1;
    for (int i = from + 1; i < end; i++) {
      fraction &= isDigit(text.charAt(i));
    }
    return fraction;
  }

  private static int nanos(String text, int from, int to) {
    int nanos = number(text, from, to);
    for (int digits = to - from; digits < 9; digits++) {
      nanos *= 10;
    }
    return nanos;
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = 10 * number + (text.charAt(i) - '0');
    }
    return number;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
