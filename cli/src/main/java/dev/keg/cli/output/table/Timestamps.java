package dev.keg.cli.output.table;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/** Points in time as docker shows them. */
public final class Timestamps {
  private Timestamps() {}

  /** RFC 3339 in seconds. Put together by hand: loading a formatter costs more than the rest. */
  public static String seconds(Instant instant, ZoneId zone) {
    ZonedDateTime time = instant.truncatedTo(ChronoUnit.SECONDS).atZone(zone);
    String clock = time.toLocalTime().toString();
    String seconds = clock.length() == "00:00".length() ? ":00" : "";
    String offset = time.getOffset().getId();
    // Offsets of old times can have seconds, which RFC 3339 cannot say.
    String hours = offset.substring(0, Math.min(offset.length(), "+00:00".length()));
    return time.toLocalDate() + "T" + clock + seconds + hours;
  }
}
