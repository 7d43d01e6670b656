package dev.keg.registry.pool;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The disks that do not answer, such as one on an unreachable server, which would block forever. So
 * a process first examines each disk in a thread that can be abandoned, and does not examine a
 * silent disk again until that thread has ended.
 */
final class SilentDisks {
  /** Why such a disk cannot be used. */
  static final String SILENT = "it does not answer";

  private final Duration patience;
  private final Set<String> answered = ConcurrentHashMap.newKeySet();
  private final Map<String, FutureTask<Optional<String>>> silent = new ConcurrentHashMap<>();

  SilentDisks(Duration patience) {
    this.patience = patience;
  }

  /**
   * Examines a disk.
   *
   * @param look returns why the disk cannot be used, or nothing
   */
  Optional<String> ask(String directory, Supplier<Optional<String>> look) {
    FutureTask<Optional<String>> left = silent.get(directory);
    if (left != null && !left.isDone()) {
      return Optional.of(SILENT);
    }
    if (left != null || answered.contains(directory)) {
      return look.get();
    }
    FutureTask<Optional<String>> task = new FutureTask<>(look::get);
    Thread _ = Thread.ofPlatform().daemon().name("keg-pool").start(task);
    try {
      Optional<String> answer = task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      answered.add(directory);
      return answer;
    } catch (TimeoutException _) {
      silent.put(directory, task);
      return Optional.of(SILENT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
