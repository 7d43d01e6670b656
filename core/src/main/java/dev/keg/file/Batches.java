package dev.keg.file;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Runs many small tasks on several threads, in batches. The calling thread runs the first ones, and
 * all of them on a machine with one processor.
 *
 * @param <T> what one thread works with
 */
public final class Batches<T> implements AutoCloseable {
  /** This many tasks are done sooner than threads start. */
  private static final int FEW = 64;

  /** More threads would wait for the disk, or for one another. */
  private static final int MOST_THREADS = 4;

  /** The number of tasks in a batch: waking a thread takes as long as writing a small file. */
  private static final int BATCH = 32;

  /** A batch ends at this size, so that other threads get work, too. */
  private static final long BATCH_SIZE = 1 << 20;

  /** One processor is for the calling thread. */
  private final int threads =
      Math.clamp(Runtime.getRuntime().availableProcessors() - 1L, 0, MOST_THREADS);

  private final String name;
  private final T own;
  private final Workers.Workplace<T> workplace;
  private @Nullable Workers<T> workers;
  private Batch<T> batch = new Batch<>();
  private long tasks;

  /**
   * @param name what the threads are called, before their number
   * @param own what the calling thread works with
   */
  public Batches(String name, T own, Workers.Workplace<T> workplace) {
    this.name = name;
    this.own = own;
    this.workplace = workplace;
  }

  /**
   * Takes a task, which is done once all are settled.
   *
   * @param size the number of bytes it writes
   * @param helping whether the calling thread runs a batch itself while all others are busy; it
   *     waits otherwise
   */
  public void add(Workers.Task<T> task, long size, boolean helping) {
    if (++tasks <= FEW || threads == 0) {
      task.run(own);
    } else if (batch.isFullWith(task, size)) {
      give(helping);
    }
  }

  private void give(boolean helping) {
    Batch<T> full = batch;
    if (!helping) {
      threads().submit(full);
    } else if (!threads().offer(full)) {
      full.run(own);
    }
    batch = new Batch<>();
  }

  private Workers<T> threads() {
    @Nullable Workers<T> started = workers;
    if (started == null) {
      started = new Workers<>(threads, name, workplace);
      workers = started;
    }
    return started;
  }

  /** Waits until all are done. */
  public void settle() {
    @Nullable Workers<T> started = workers;
    if (started == null) {
      batch.run(own);
    } else {
      give(false);
      started.finish();
      close();
    }
  }

  /** Waits until no thread runs a task any more, and drops unstarted ones. */
  @Override
  public void close() {
    @Nullable Workers<T> started = workers;
    workers = null;
    batch.drop();
    if (started != null) {
      started.close();
    }
  }

  private static final class Batch<T> implements Workers.Task<T> {
    private final Deque<Workers.Task<T>> tasks = new ArrayDeque<>(BATCH);
    private long size;

    /** Adds a task, and returns whether the batch is full. */
    boolean isFullWith(Workers.Task<T> task, long bytes) {
      tasks.add(task);
      size += bytes;
      return tasks.size() == BATCH || size > BATCH_SIZE;
    }

    @Override
    public void run(T tools) {
      try {
        while (!tasks.isEmpty()) {
          tasks.removeFirst().run(tools);
        }
      } finally {
        drop();
      }
    }

    @Override
    public void drop() {
      tasks.forEach(Workers.Task::drop);
      tasks.clear();
      size = 0;
    }
  }
}
