package dev.keg.file;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Runs many small tasks on several threads, in batches. The calling thread runs the first ones, and
 * all of them if it is the only thread.
 *
 * @param <T> the workplace of a thread
 */
public final class Batches<T> implements AutoCloseable {
  /** This number of tasks takes less time than starting threads. */
  private static final int FEW = 64;

  /** More threads would wait for the disk, or for one another. */
  private static final int MOST_THREADS = 4;

  /** The number of tasks in a batch: waking a thread takes as long as writing a small file. */
  private static final int BATCH = 32;

  /** A batch ends at this size, so that other threads get work, too. */
  private static final long BATCH_SIZE = 1 << 20;

  private final String name;
  private final int threads;
  private final T own;
  private final Workers.Workplace<T> workplace;
  private @Nullable Workers<T> workers;
  private Batch<T> batch = new Batch<>();
  private long tasks;

  /**
   * @param name the beginning of the threads' names, before a number
   * @param threads how many may work at once, including the calling one
   * @param own the workplace of the calling thread
   */
  public Batches(String name, int threads, T own, Workers.Workplace<T> workplace) {
    this.name = name;
    this.threads = Math.clamp(threads - 1L, 0, MOST_THREADS);
    this.own = own;
    this.workplace = workplace;
  }

  /**
   * Adds a task, which is done after {@link #settle}.
   *
   * @param size the number of bytes it writes
   * @param helping whether the calling thread runs a batch itself while all others are busy;
   *     otherwise it waits
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

  /** Waits until all tasks are done. */
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

  /** Waits until no thread runs a task any more, and drops tasks that have not started. */
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
