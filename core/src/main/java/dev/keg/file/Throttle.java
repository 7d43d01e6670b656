package dev.keg.file;

import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Limits the bytes per second that pass, in all streams of a command together. */
public final class Throttle {
  /** Lets everything pass. */
  public static final Throttle NONE = new Throttle(0, () -> 0, _ -> {});

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final long rate;
  private final LongSupplier clock;
  private final Pause pause;

  /** When the next bytes may pass. */
  private long free;

  /**
   * @param rate bytes per second; 0 for no limit
   * @param clock in nanoseconds since an arbitrary moment
   */
  public Throttle(long rate, LongSupplier clock, Pause pause) {
    this.rate = rate;
    this.clock = clock;
    this.pause = pause;
    free = clock.getAsLong();
  }

  /** Waits until this many bytes may pass. */
  public void take(int bytes) {
    take(bytes, _ -> {});
  }

  /**
   * The same.
   *
   * @param waiting receives the nanoseconds of each wait before it
   */
  public void take(int bytes, LongConsumer waiting) {
    if (rate == 0 || bytes == 0) {
      return;
    }
    long wait = reserve(bytes);
    if (wait > 0) {
      waiting.accept(wait);
      try {
        pause.pause(Duration.ofNanos(wait));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt(); // the next transfer fails because of it
      }
    }
  }

  /** Reserves time for the bytes; returns how long earlier ones take. */
  private synchronized long reserve(int bytes) {
    long now = clock.getAsLong();
    long wait = Math.max(0, free - now);
    free = now + wait + (long) ((double) bytes / rate * SECOND);
    return wait;
  }
}
