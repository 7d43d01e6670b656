package dev.keg.file;

import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Lets no more bytes a second pass than an operator allows, of all streams of a command together.
 */
public final class Throttle {
  /** Lets everything pass. */
  public static final Throttle NONE = new Throttle(0, () -> 0, _ -> {});

  /** Waits; the tests' does not. */
  @FunctionalInterface
  public interface Pause {
    void pause(Duration duration) throws InterruptedException;
  }

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final long rate;
  private final LongSupplier clock;
  private final Pause pause;

  /** When the line is free again. */
  private long free;

  /**
   * @param rate bytes a second; any number if it is 0
   * @param clock in nanoseconds, from any moment on
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
   * @param waiting hears before it waits how many nanoseconds that takes
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
        Thread.currentThread().interrupt(); // what is sent or read next ends with it
      }
    }
  }

  /** How long those before these take. */
  private synchronized long reserve(int bytes) {
    long now = clock.getAsLong();
    long wait = Math.max(0, free - now);
    free = now + wait + (long) ((double) bytes / rate * SECOND);
    return wait;
  }
}
