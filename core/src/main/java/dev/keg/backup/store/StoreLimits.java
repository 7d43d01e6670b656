package dev.keg.backup.store;

import dev.keg.file.Throttle;
import java.util.concurrent.Semaphore;

/**
 * Limits of a command's load on remote stores.
 *
 * @param connections how many requests may run at a time
 */
public record StoreLimits(Throttle upload, Throttle download, Semaphore connections) {
  /** Only the store's own limits. */
  public static final StoreLimits NONE = of(Throttle.NONE, Throttle.NONE, Integer.MAX_VALUE);

  public static StoreLimits of(Throttle upload, Throttle download, int connections) {
    return new StoreLimits(upload, download, new Semaphore(connections, true));
  }

  /** One request. */
  @FunctionalInterface
  public interface Request<T> {
    T send() throws StoreException;
  }

  /** Sends a request as soon as a connection is free. */
  public <T> T connected(Request<T> request) throws StoreException {
    try {
      connections.acquire();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return request.send(); // it fails at once, with the reason in words
    }
    try {
      return request.send();
    } finally {
      connections.release();
    }
  }
}
