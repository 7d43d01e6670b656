package dev.keg.file;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads that work on files, each with tools of its own. Few tasks wait at a time; who gives more
 * waits. After the first failure nothing is done any more.
 *
 * @param <T> what one thread works with
 */
public final class Workers<T> implements AutoCloseable {
  /** What one thread does in one go. */
  public interface Task<T> {
    void run(T tools);

    /** Is called instead if nothing is done any more. */
    default void drop() {}
  }

  /** Opens the tools of one thread, for as long as that works. */
  public interface Workplace<T> {
    void use(Consumer<T> work);
  }

  private final Task<T> end = _ -> {};
  private final BlockingQueue<Task<T>> tasks;
  private final List<Thread> threads = new ArrayList<>();
  private volatile @Nullable Throwable failure;

  /**
   * @param name what the threads are called, before their number
   */
  public Workers(int count, String name, Workplace<T> workplace) {
    tasks = new ArrayBlockingQueue<>(2 * count);
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofPlatform().daemon().name(name + i).start(() -> work(workplace)));
    }
  }

  private void work(Workplace<T> workplace) {
    AtomicBoolean ended = new AtomicBoolean();
    try {
      workplace.use(
          tools -> {
            work(tools);
            ended.set(true);
          });
    } catch (RuntimeException | Error e) {
      fail(e);
      // One whose tools cannot be closed has had its end, and must not take another's.
      if (!ended.get()) {
        drain();
      }
    }
  }

  private void work(T tools) {
    try {
      for (Task<T> task = tasks.take(); task != end; task = tasks.take()) {
        if (failure == null) {
          task.run(tools);
        } else {
          task.drop();
        }
      }
    } catch (InterruptedException e) {
      fail(e);
    }
  }

  /** Nobody may wait for a thread that does nothing any more. */
  private void drain() {
    try {
      for (Task<T> task = tasks.take(); task != end; task = tasks.take()) {
        task.drop();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  public void submit(Task<T> task) {
    throwFailure();
    put(task);
  }

  private void put(Task<T> task) {
    try {
      tasks.put(task);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  /** Waits until all tasks are done. */
  public void finish() {
    threads.forEach(_ -> put(end));
    join();
    throwFailure();
  }

  private void join() {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  private void throwFailure() {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /** Ends what is not finished, and waits until nobody uses anything any more. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    ThreadEnd.await(threads);
    tasks.forEach(Task::drop);
  }
}
