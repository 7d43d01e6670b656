package dev.keg.backup.tar;

import java.time.Instant;

/** Times in pax headers: seconds since 1970 with a decimal fraction, possibly negative. */
final class PaxTime {
  private static final int MAX_CHARACTERS = 64;
  private static final int MAX_SECONDS_DIGITS = 17;
  private static final int NANO_DIGITS = 9;
  private static final int NANOS = 1_000_000_000;

  private PaxTime() {}

  static String format(Instant time) {
    long seconds = time.getEpochSecond();
    int nanos = time.getNano();
    if (nanos == 0) {
      return Long.toString(seconds);
    }
    // An instant is rounded-down seconds plus a fraction, but the text must be -4.75, not -5+.25.
    boolean negative = seconds < 0;
    long whole = negative ? -(seconds + 1) : seconds;
    String fraction = Integer.toString(NANOS + (negative ? NANOS - nanos : nanos)).substring(1);
    int end = fraction.length();
    while (fraction.charAt(end - 1) == '0') {
      end--;
    }
    return (negative ? "-" : "") + whole + "." + fraction.substring(0, end);
  }

  /** Ignores digits beyond nanoseconds. */
  static Instant parse(String text) throws Malformed {
    if (text.length() > MAX_CHARACTERS) {
      throw new Malformed("a time of " + text.length() + " characters");
    }
    boolean negative = text.startsWith("-");
    int dot = text.indexOf('.');
    String whole = text.substring(negative ? 1 : 0, dot < 0 ? text.length() : dot);
    String fraction = dot < 0 ? "" : text.substring(dot + 1);
    if (whole.isEmpty() || !isDigits(whole) || !isDigits(fraction)) {
      throw new Malformed("no time: '" + text + "'");
    }
    if (whole.length() > MAX_SECONDS_DIGITS) {
      throw new Malformed("a time out of range: '" + text + "'");
    }
    long seconds = Long.parseLong(whole);
    int nanos = Integer.parseInt((fraction + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS));
    return instant(text, negative ? -seconds : seconds, negative ? -nanos : nanos);
  }

  static Instant instant(String text, long seconds, long nanos) throws Malformed {
    if (seconds <= Instant.MIN.getEpochSecond() || seconds >= Instant.MAX.getEpochSecond()) {
      throw new Malformed("a time out of range: '" + text + "'");
    }
    return Instant.ofEpochSecond(seconds, nanos);
  }

  private static boolean isDigits(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
