package dev.keg.backup.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads many small objects, several at a time: remote stores have a high latency rather than a low
 * throughput.
 */
public final class Fetch {
  private static final int AT_ONCE = 8;

  private Fetch() {}

  /** The call for one item. */
  @FunctionalInterface
  public interface ItemCall<T, R> {
    R apply(T item) throws StoreException;
  }

  /** The results in the order of the items; the first failure ends the work. */
  public static <T, R> List<R> each(List<T> items, ItemCall<T, R> call) throws StoreException {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      List<Future<R>> futures =
          items.stream().map(item -> threads.submit(() -> call.apply(item))).toList();
      try {
        List<R> results = new ArrayList<>();
        for (Future<R> future : futures) {
          results.add(future.get());
        }
        return results;
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw failure(e);
      } catch (InterruptedException _) {
        threads.shutdownNow();
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted");
      }
    }
  }

  private static StoreException failure(ExecutionException e) {
    return switch (e.getCause()) {
      case StoreException failure -> failure;
      case RuntimeException bug -> throw bug;
      case null, default -> throw new IllegalStateException(e);
    };
  }
}
