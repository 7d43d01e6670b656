package dev.keg.warming;

import dev.keg.error.VolumeException;
import dev.keg.file.Throttle;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.ScopedPath;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of a tree into memory with several threads. Follows no link, enters no mount
 * point and opens only regular files. No thread survives when it returns.
 */
final class TreeWarmer {
  /** Waiting threads let the disk choose its order. */
  private static final int THREADS =
      Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 4, 16);

  private static final int QUEUE = 1024;

  private final FileTrees trees;
  private final Throttle throttle;
  private final TreeListener listener;

  TreeWarmer(FileTrees trees, Throttle throttle, TreeListener listener) {
    this.trees = trees;
    this.throttle = throttle;
    this.listener = listener;
  }

  /**
   * Reads a file, or all files below a directory; empty if there is neither. The path is resolved
   * inside the tree: no link in it leads outside.
   *
   * @throws CancellationException if the thread is interrupted
   */
  Optional<Warmed> warm(Path root, ByteString path) {
    try (FileTree tree = trees.read(root)) {
      TreePath start = ScopedPath.resolve(tree, path, true);
      Optional<Stat> stat = tree.stat(start);
      return stat.isEmpty() ? Optional.empty() : Optional.of(warm(root, tree, start, stat.get()));
    }
  }

  private Warmed warm(Path root, FileTree tree, TreePath start, Stat stat) {
    try (Run run = new Run(root)) {
      new Walk(tree, stat.device(), run).from(start, stat);
      run.finish();
      return run.totals.result();
    }
  }

  /** Visits each name of a tree once. */
  private record Walk(FileTree tree, long device, Run run, Set<Long> linked) {
    Walk(FileTree tree, long device, Run run) {
      this(tree, device, run, new HashSet<>());
    }

    void from(TreePath start, Stat found) {
      Deque<TreePath> left = new ArrayDeque<>();
      meet(start, found, left);
      while (!left.isEmpty()) {
        enter(left.pop(), left);
      }
    }

    private void enter(TreePath directory, Deque<TreePath> left) {
      run.requireGoingOn();
      try {
        for (ByteString name : tree.names(directory)) {
          TreePath path = directory.child(name);
          tree.stat(path).ifPresent(found -> meet(path, found, left));
        }
      } catch (VolumeException e) {
        run.totals.add(e);
      }
    }

    // A file system mounted inside is not part of the volume.
    private void meet(TreePath path, Stat found, Deque<TreePath> left) {
      if (found.device() != device) {
        return;
      }
      if (found.type() == Stat.Type.DIRECTORY) {
        left.push(path);
      } else if (found.type() == Stat.Type.REGULAR && isNew(found)) {
        run.submit(path);
      }
    }

    private boolean isNew(Stat found) {
      return found.links() < 2 || linked.add(found.inode());
    }
  }

  /** The threads of one call. */
  private final class Run implements AutoCloseable {
    final WarmingTotals totals = new WarmingTotals();
    private final Path root;
    private final Queue<Reader> idle = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;

    /** If the queue is full, the producer works as well. */
    private final ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            work -> new Thread(work, "keg-warm"),
            new ThreadPoolExecutor.CallerRunsPolicy());

    Run(Path root) {
      this.root = root;
    }

    void requireGoingOn() {
      switch (failure.get()) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case null, default -> {
          if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException();
          }
        }
      }
    }

    void submit(TreePath path) {
      requireGoingOn();
      pool.execute(() -> read(path));
    }

    private void read(TreePath path) {
      if (stopped) {
        return;
      }
      try {
        Reader next = idle.poll();
        Reader reader = next == null ? new Reader(trees.read(root), throttle, listener) : next;
        try {
          reader.read(path, totals, () -> stopped || Thread.currentThread().isInterrupted());
        } finally {
          idle.add(reader);
        }
      } catch (VolumeException e) {
        totals.add(e);
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      }
    }

    /** Waits for all files. */
    void finish() {
      pool.shutdown();
      try {
        while (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
          // Wait on: a slow disk takes its time.
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      requireGoingOn();
    }

    @Override
    public void close() {
      stopped = true;
      pool.shutdownNow();
      boolean interrupted = Thread.interrupted();
      while (!pool.isTerminated()) {
        try {
          boolean _ = pool.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      idle.forEach(Reader::close);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
