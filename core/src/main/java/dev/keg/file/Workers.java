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
 * Threads that work on files, each with its own tools. The queue is short, and a full one blocks
 * the producer. After the first failure, no further task runs.
 *
 * @param <T> the tools of one thread
 */
public final class Workers<T> implements AutoCloseable {
  /** A unit of work. */
  public interface Task<T> {
    void run(T tools);

    /** Called instead of the task after a failure. */
    default void drop() {}
  }

  /** Opens the tools of a thread while the thread runs. */
  public interface Workplace<T> {
    void use(Consumer<T> work);
  }

  private final Task<T> end = _ -> {};
  private final BlockingQueue<Task<T>> tasks;
  private final List<Thread> threads = new ArrayList<>();
  private volatile @Nullable Throwable failure;

  /**
   * @param name the prefix of the threads' names, before their number
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
      // Closing the tools may fail after the thread took its end marker; it must not take
      // another's.
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

  /** Nobody may wait for a thread that has stopped working. */
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

  /**
   * Gives a task to a thread unless the caller would have to wait; returns whether it was given.
   */
  public boolean offer(Task<T> task) {
    throwFailure();
    return tasks.offer(task);
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

  /** Abandons unfinished tasks, and waits until nothing is in use any more. */
  @Override
  public void close() {
    List<Task<T>> left = new ArrayList<>();
    tasks.drainTo(left);
    threads.forEach(Thread::interrupt);
    // A task may clear the interruption of its thread, which then finds its end here.
    threads.forEach(_ -> tasks.offer(end));
    ThreadEnd.await(threads);
    left.forEach(Task::drop);
  }
}
