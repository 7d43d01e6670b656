package dev.keg.warming;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/** Keeps several threads together below a number of bytes per second. */
final class Pace {
  private final long bytesPerSecond;
  private final InstantSource clock;
  private Instant free;

  /**
   * @param bytesPerSecond zero for no limit
   */
  Pace(long bytesPerSecond, InstantSource clock) {
    this.bytesPerSecond = bytesPerSecond;
    this.clock = clock;
    this.free = clock.instant();
  }

  /** Waits until so many bytes may be read; less if the thread is interrupted. */
  void await(long bytes) {
    Duration wait = reserve(bytes);
    if (wait.isPositive()) {
      LockSupport.parkNanos(wait.toNanos());
    }
  }

  /** How long to wait before so many bytes, which come after those of earlier calls. */
  synchronized Duration reserve(long bytes) {
    if (bytesPerSecond == 0) {
      return Duration.ZERO;
    }
    Instant now = clock.instant();
    Instant start = free.isAfter(now) ? free : now;
    free = start.plusNanos((long) (bytes * 1e9 / bytesPerSecond));
    return Duration.between(now, start);
  }
}
