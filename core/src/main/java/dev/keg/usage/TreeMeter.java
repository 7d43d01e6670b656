package dev.keg.usage;

import dev.keg.tree.TreePath;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Measures trees with several threads, which share the directories of all trees that were started.
 * None of the threads lives on when it is closed, and every tree that was opened is closed.
 */
public final class TreeMeter implements AutoCloseable {
  /** Where files are not in memory, waiting threads let the disk choose its order. */
  private static final int THREADS =
      Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 4, 16);

  private final TreeScans scans;
  private final TreeScan.Listener listener;
  private final ForkJoinPool pool =
      new ForkJoinPool(THREADS, TreeMeter::thread, null, /* asyncMode= */ false);
  private volatile boolean stopped;

  public TreeMeter(TreeScans scans, TreeScan.Listener listener) {
    this.scans = scans;
    this.listener = listener;
  }

  private static ForkJoinWorkerThread thread(ForkJoinPool pool) {
    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
    thread.setName("keg-measure-" + thread.getPoolIndex());
    return thread;
  }

  /**
   * A tree and the room it lies in.
   *
   * @param room empty if the system does not tell
   */
  public record Measured(TreeUsage tree, Optional<Room> room) {}

  /** Begins to measure a tree; nothing is there if it is no directory. */
  public CompletableFuture<Measured> start(Path root) {
    Tree tree = new Tree(root);
    pool.execute(tree);
    return tree.result;
  }

  /** Measures one small tree, with this thread alone. */
  public static TreeUsage measure(TreeScans scans, Path root) {
    Optional<TreeScan> opened = scans.open(root);
    if (opened.isEmpty()) {
      return TreeUsage.NOTHING;
    }
    try (TreeScan scan = opened.get()) {
      TreeCount count = new TreeCount(scan, TreeScan.Listener.NONE);
      Deque<TreePath> left = new ArrayDeque<>();
      left.push(TreePath.ROOT);
      while (!left.isEmpty()) {
        count.add(left.pop()).forEach(left::push);
      }
      return count.usage();
    }
  }

  /** Waits for the threads; what is not measured yet is cancelled. */
  @Override
  public void close() {
    stopped = true;
    pool.shutdown();
    boolean interrupted = false;
    while (!pool.isTerminated()) {
      try {
        boolean _ = pool.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A tree that is being measured. No task waits for another, since a tree may be deeper than a
   * stack; the last one closes the tree, when no thread looks at it any more.
   */
  private final class Tree implements Runnable {
    private final CompletableFuture<Measured> result = new CompletableFuture<>();
    private final AtomicInteger unfinished = new AtomicInteger(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Path root;

    Tree(Path root) {
      this.root = root;
    }

    @Override
    public void run() {
      try {
        requireGoingOn();
        scans
            .open(root)
            .ifPresentOrElse(
                scan -> run(scan, new TreeCount(scan, listener), TreePath.ROOT),
                () -> result.complete(new Measured(TreeUsage.NOTHING, Optional.empty())));
      } catch (RuntimeException | Error e) {
        result.completeExceptionally(e);
      }
    }

    private void run(TreeScan scan, TreeCount count, TreePath directory) {
      try {
        if (failure.get() == null) {
          requireGoingOn();
          for (TreePath below : count.add(directory)) {
            unfinished.incrementAndGet();
            pool.execute(() -> run(scan, count, below));
          }
        }
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      }
      if (unfinished.decrementAndGet() == 0) {
        end(scan, count);
      }
    }

    private void end(TreeScan scan, TreeCount count) {
      try (scan) {
        Throwable why = failure.get();
        if (why != null) {
          result.completeExceptionally(why);
        } else {
          result.complete(new Measured(count.usage(), scan.room()));
        }
      } catch (RuntimeException | Error e) {
        result.completeExceptionally(e);
      }
    }
  }

  private void requireGoingOn() {
    if (stopped) {
      throw new CancellationException();
    }
  }
}
