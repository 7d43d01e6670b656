package dev.keg.cli.session;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/** The time of this system. Its zone takes long to find, and few commands need it. */
final class LocalClock extends Clock {
  @Override
  public ZoneId getZone() {
    return ZoneId.systemDefault();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.system(zone);
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }
}
