package dev.keg.backup.store;

import dev.keg.file.Pause;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Repeats a request while its failure looks temporary, after growing random pauses, so that many
 * clients of an overloaded store do not return all at once.
 */
public final class Backoff {
  /** They take about half a minute. */
  public static final int ATTEMPTS = 8;

  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final RandomGenerator random;
  private final Pause pause;
  private final Consumer<String> debug;

  public Backoff(RandomGenerator random, Pause pause, Consumer<String> debug) {
    this.random = random;
    this.pause = pause;
    this.debug = debug;
  }

  /** One request. */
  @FunctionalInterface
  public interface Attempt<T> {
    /**
     * Sends the request; number 1 is the first attempt, and a later one knows that an earlier one
     * may have succeeded.
     */
    T run(int number) throws StoreException;
  }

  public <T> T run(Attempt<T> attempt) throws StoreException {
    return run(ATTEMPTS, attempt);
  }

  public <T> T run(int attempts, Attempt<T> attempt) throws StoreException {
    for (int number = 1; ; number++) {
      try {
        return attempt.run(number);
      } catch (StoreException.Unavailable e) {
        if (number >= attempts) {
          throw e;
        }
        wait(number, e);
      }
    }
  }

  private void wait(int number, StoreException.Unavailable failure)
      throws StoreException.Unavailable {
    Duration length = failure.retryAfter().map(Backoff::bounded).orElseGet(() -> scattered(number));
    debug.accept("%s; again in %d ms".formatted(failure.getMessage(), length.toMillis()));
    try {
      pause.pause(length);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  private Duration scattered(int number) {
    Duration doubled = bounded(FIRST.multipliedBy(1L << (number - 1)));
    return Duration.ofMillis(random.nextLong(doubled.toMillis() / 2, doubled.toMillis() + 1));
  }

  /** The delay that a server's header asks for; null if it is not in seconds. */
  public static @Nullable Duration retryAfter(String seconds) {
    return seconds.matches("\\d{1,4}") ? Duration.ofSeconds(Integer.parseInt(seconds)) : null;
  }

  private static Duration bounded(Duration duration) {
    return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
  }
}
