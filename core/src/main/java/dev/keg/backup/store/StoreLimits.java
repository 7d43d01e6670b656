package dev.keg.backup.store;

import dev.keg.file.Throttle;
import java.util.concurrent.Semaphore;

/**
 * How much a command may ask of stores on other machines.
 *
 * @param connections how many requests are under way at most
 */
public record StoreLimits(Throttle upload, Throttle download, Semaphore connections) {
  /** No limits but those that a store has itself. */
  public static final StoreLimits NONE = of(Throttle.NONE, Throttle.NONE, Integer.MAX_VALUE);

  public static StoreLimits of(Throttle upload, Throttle download, int connections) {
    return new StoreLimits(upload, download, new Semaphore(connections, true));
  }

  /** One request. */
  @FunctionalInterface
  public interface Request<T> {
    T send() throws StoreException;
  }

  /** Sends a request as soon as there is a connection for it. */
  public <T> T connected(Request<T> request) throws StoreException {
    try {
      connections.acquire();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return request.send(); // which ends at once, with the reason in words
    }
    try {
      return request.send();
    } finally {
      connections.release();
    }
  }
}
