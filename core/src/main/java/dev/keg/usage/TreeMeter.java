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
import java.util.function.Supplier;
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
   * @param state in which the tree was, by which it can be known again; empty if that is not known
   * @param unchanged whether it is as it was seen before
   */
  public record Measured(
      TreeUsage tree, Optional<Room> room, Optional<String> state, boolean unchanged) {}

  /**
   * Begins to measure a tree; the result is empty if it is no directory.
   *
   * @param before what was seen there earlier, which counts if nothing has changed since
   */
  public CompletableFuture<Optional<Measured>> start(Path root, Optional<SeenTree> before) {
    Tree tree = new Tree(root, before);
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
    private final CompletableFuture<Optional<Measured>> result = new CompletableFuture<>();
    private final AtomicInteger unfinished = new AtomicInteger(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Path root;
    private final Optional<SeenTree> before;

    Tree(Path root, Optional<SeenTree> before) {
      this.root = root;
      this.before = before;
    }

    @Override
    public void run() {
      try {
        requireGoingOn();
        scans.open(root).ifPresentOrElse(this::begin, () -> result.complete(Optional.empty()));
      } catch (RuntimeException | Error e) {
        result.completeExceptionally(e);
      }
    }

    private void begin(TreeScan scan) {
      Optional<String> state = Optional.empty();
      try {
        state = scan.state(false);
        // The second question makes the file system write, so the first one must be worth it.
        if (isSeen(state) && isSeen(scan.state(true))) {
          Measured same = new Measured(before.orElseThrow().usage(), scan.room(), state, true);
          end(scan, () -> same);
          return;
        }
      } catch (RuntimeException | Error e) {
        failure.set(e);
      }
      run(new Walk(scan, new TreeCount(scan, listener), state), TreePath.ROOT);
    }

    private boolean isSeen(Optional<String> state) {
      return state.isPresent() && state.equals(before.map(SeenTree::state));
    }

    private void run(Walk walk, TreePath directory) {
      try {
        if (failure.get() == null) {
          requireGoingOn();
          for (TreePath below : walk.count().add(directory)) {
            unfinished.incrementAndGet();
            pool.execute(() -> run(walk, below));
          }
        }
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      }
      if (unfinished.decrementAndGet() == 0) {
        end(walk.scan(), walk::measured);
      }
    }

    private void end(TreeScan scan, Supplier<Measured> measured) {
      try (scan) {
        Throwable why = failure.get();
        if (why != null) {
          result.completeExceptionally(why);
        } else {
          result.complete(Optional.of(measured.get()));
        }
      } catch (RuntimeException | Error e) {
        result.completeExceptionally(e);
      }
    }
  }

  /**
   * All of a tree is looked at.
   *
   * @param state in which it was before
   */
  private record Walk(TreeScan scan, TreeCount count, Optional<String> state) {
    Measured measured() {
      return new Measured(count.usage(), scan.room(), state.filter(_ -> !count.hasMounts()), false);
    }
  }

  private void requireGoingOn() {
    if (stopped) {
      throw new CancellationException();
    }
  }
}
