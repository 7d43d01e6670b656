package dev.keg.backup.repository;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** A second in UTC as names have it: {@code 20261120T105801Z}. */
final class Stamp {
  static final int LENGTH = 16;

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private Stamp() {}

  static String of(Instant time) {
    return FORMAT.format(time);
  }

  static Instant parse(String text) {
    try {
      return FORMAT.parse(text, Instant::from);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("no time: '" + text + "'", e);
    }
  }
}
