package dev.keg.cli.output.table;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/** Docker's notation of times. */
public final class Timestamps {
  private Timestamps() {}

  /**
   * RFC 3339 in seconds. Formatted by hand, because loading a formatter costs more than the rest.
   */
  public static String seconds(Instant instant, ZoneId zone) {
    ZonedDateTime time = instant.truncatedTo(ChronoUnit.SECONDS).atZone(zone);
    String clock = time.toLocalTime().toString();
    String seconds = clock.length() == "00:00".length() ? ":00" : "";
    String offset = time.getOffset().getId();
    // Offsets of old times can include seconds, which RFC 3339 does not support.
    String hours = offset.substring(0, Math.min(offset.length(), "+00:00".length()));
    return time.toLocalDate() + "T" + clock + seconds + hours;
  }
}
