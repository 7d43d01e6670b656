package dev.keg.backup.extract;

import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.FrameReader;
import dev.keg.backup.archive.frame.ThreadEnd;
import dev.keg.tree.TreeWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Threads that restore, each with a reader and a writer of its own. Few tasks wait at a time; who
 * gives more waits. After the first failure nothing is done any more.
 */
final class Workers implements AutoCloseable {
  /** What one thread does in one go. */
  interface Task {
    void run(FrameReader reader, TreeWriter writer);
  }

  private static final Task END = (_, _) -> {};

  private final BlockingQueue<Task> tasks;
  private final List<Thread> threads = new ArrayList<>();
  private volatile @Nullable Throwable failure;

  Workers(ArchiveSources sources, TreeWriter writer, int count) {
    tasks = new ArrayBlockingQueue<>(2 * count);
    for (int i = 0; i < count; i++) {
      threads.add(
          Thread.ofPlatform().daemon().name("keg-restore-" + i).start(() -> work(sources, writer)));
    }
  }

  private void work(ArchiveSources sources, TreeWriter main) {
    try (TreeWriter writer = main.another();
        FrameReader reader = new FrameReader(sources)) {
      for (Task task = tasks.take(); task != END; task = tasks.take()) {
        if (failure == null) {
          task.run(reader, writer);
        }
      }
    } catch (InterruptedException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      fail(e);
      drain();
    }
  }

  /** Nobody may wait for a thread that does nothing any more. */
  private void drain() {
    try {
      Task task;
      do {
        task = tasks.take();
      } while (task != END);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  void submit(Task task) {
    throwFailure();
    put(task);
  }

  private void put(Task task) {
    try {
      tasks.put(task);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  /** Waits until all tasks are done. */
  void finish() {
    threads.forEach(_ -> put(END));
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

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    ThreadEnd.await(threads);
  }
}
