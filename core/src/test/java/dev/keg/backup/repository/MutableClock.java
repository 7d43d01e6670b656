package dev.keg.backup.repository;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test sets. */
final class MutableClock implements InstantSource {
  private Instant now = Instant.parse("2026-11-20T10:58:01.5Z");

  @Override
  public Instant instant() {
    return now;
  }

  void advance(Duration duration) {
    now = now.plus(duration);
  }
}
