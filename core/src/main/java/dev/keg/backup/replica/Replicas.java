package dev.keg.backup.replica;

import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.error.VolumeException;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * An object that is written to several stores at once. A store that fails is dropped, and the
 * others continue; when none is left, writing fails.
 *
 * @param <K> identifies a store
 */
final class Replicas<K> implements WritableByteChannel {
  private final Map<K, PendingObject> pending = new LinkedHashMap<>();
  private final Map<K, VolumeException> failures = new LinkedHashMap<>();
  private byte[] copy = new byte[0];

  /** An operation on one of the objects. */
  private interface Step {
    void on(PendingObject object) throws IOException;
  }

  void add(K key, PendingObject object) {
    pending.put(key, object);
  }

  void fail(K key, VolumeException failure) {
    failures.put(key, failure);
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int length = from.remaining();
    if (copy.length < length) {
      copy = new byte[length];
    }
    from.get(copy, 0, length);
    each(object -> object.write(copy, 0, length));
    if (pending.isEmpty()) {
      throw new IOException("no repository takes it");
    }
    return length;
  }

  void publish() {
    each(PendingObject::publish);
  }

  /** The number of bytes written. */
  Size size() {
    return object(left().getFirst()).size();
  }

  /** Continues in other objects, one for each of the remaining stores. */
  void turn(Function<K, PendingObject> next) {
    for (K key : left()) {
      try {
        pending.put(key, next.apply(key));
      } catch (VolumeException e) {
        leaveBehind(key, e);
      }
    }
  }

  /** The caller itself writes to a single store; each of several has its own thread. */
  private void each(Step step) {
    List<K> all = left();
    if (all.size() == 1) {
      attempt(all.getFirst(), step).ifPresent(failure -> leaveBehind(all.getFirst(), failure));
      return;
    }
    Map<K, Future<Optional<VolumeException>>> running = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      all.forEach(key -> running.put(key, threads.submit(() -> attempt(key, step))));
    }
    running.forEach(
        (key, attempt) -> result(attempt).ifPresent(failure -> leaveBehind(key, failure)));
  }

  private Optional<VolumeException> attempt(K key, Step step) {
    try {
      step.on(object(key));
      return Optional.empty();
    } catch (StoreException e) {
      // An interruption is not a failure of the store.
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("interrupted");
      }
      return Optional.of(StoreFailures.failure(e));
    } catch (VolumeException e) {
      return Optional.of(e);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The results of attempts that ended or were interrupted with this thread. */
  private static Optional<VolumeException> result(Future<Optional<VolumeException>> attempt) {
    try {
      return attempt.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  private void leaveBehind(K key, VolumeException failure) {
    PendingObject lost = object(key);
    pending.remove(key);
    failures.put(key, failure);
    try {
      lost.close();
    } catch (StoreException discard) {
      failure.addSuppressed(discard);
    }
  }

  /** The stores that are still written to. */
  List<K> left() {
    return List.copyOf(pending.keySet());
  }

  private PendingObject object(K key) {
    PendingObject object = pending.get(key);
    if (object == null) {
      throw new IllegalArgumentException("left behind");
    }
    return object;
  }

  List<VolumeException> failures() {
    return List.copyOf(failures.values());
  }

  /** If none is left, throws the first failure, with the others suppressed. */
  void requireOne() {
    if (pending.isEmpty() && !failures.isEmpty()) {
      throw all(failures());
    }
  }

  /** The first failure, with the others suppressed. */
  static VolumeException all(List<VolumeException> failures) {
    VolumeException first = failures.getFirst();
    failures.stream().skip(1).forEach(first::addSuppressed);
    return first;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  /** Discards objects that are not published. */
  @Override
  public void close() {
    List<VolumeException> discards = new ArrayList<>();
    for (PendingObject object : pending.values()) {
      try {
        object.close();
      } catch (StoreException e) {
        discards.add(StoreFailures.failure(e));
      }
    }
    if (!discards.isEmpty()) {
      throw all(discards);
    }
  }
}
