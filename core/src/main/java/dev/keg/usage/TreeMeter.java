package dev.keg.usage;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.FileFailure.Refusal;
import dev.keg.tree.TreePath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Measures trees with several threads, which share the directories of all started trees. When it is
 * closed, no thread survives and every tree is closed, except where a server never answers: such a
 * tree is abandoned, and other threads replace its threads.
 */
public final class TreeMeter implements AutoCloseable {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  /** How many checks without an answer to wait for a tree. */
  private static final int PATIENCE = 30;

  /** The same for a tree whose result nobody needs any more. */
  private static final int PATIENCE_AT_END = 3;

  /** If files are not cached, waiting threads let the disk choose its order. */
  static final int THREADS = Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 4, 16);

  /** The limit of a pool. */
  private static final int MOST_THREADS = 0x7fff;

  private final TreeScans scans;
  private final TreeScan.Listener listener;
  private final Duration betweenLooks;
  private final Threads pool = new Threads();
  private final Set<Tree> unfinished = ConcurrentHashMap.newKeySet();

  /** Trees that completed recently. */
  private final Set<Tree> finished = ConcurrentHashMap.newKeySet();

  private final Set<Tree> givenUp = new HashSet<>();

  /** The servers of abandoned trees. */
  private final Set<String> suspects = new HashSet<>();

  private int replaced;
  private volatile boolean stopped;

  public TreeMeter(TreeScans scans, TreeScan.Listener listener) {
    this(scans, listener, BETWEEN_LOOKS);
  }

  TreeMeter(TreeScans scans, TreeScan.Listener listener, Duration betweenLooks) {
    this.scans = scans;
    this.listener = listener;
    this.betweenLooks = betweenLooks;
  }

  /** The threads, and their queue. */
  private static final class Threads extends ForkJoinPool {
    Threads() {
      super(THREADS, Threads::thread, null, /* asyncMode= */ false);
    }

    private static ForkJoinWorkerThread thread(ForkJoinPool pool) {
      ForkJoinWorkerThread thread = defaultForkJoinWorkerThreadFactory.newThread(pool);
      thread.setName("keg-measure-" + thread.getPoolIndex());
      return thread;
    }

    /** Removes tasks that no thread has started. */
    List<ForkJoinTask<?>> takeQueued() {
      List<ForkJoinTask<?>> queued = new ArrayList<>();
      int _ = drainTasksTo(queued);
      return queued;
    }
  }

  /**
   * The size of a tree and the space of its file system.
   *
   * @param room empty if the system does not tell
   * @param state identifies the tree's state; empty if unknown
   * @param unchanged whether the earlier result still applies
   */
  public record Measured(
      TreeUsage tree, Optional<Room> room, Optional<String> state, boolean unchanged) {}

  /**
   * Starts measuring a tree; the result is empty if it is not a directory.
   *
   * @param before the earlier result, which counts if nothing has changed since
   */
  public CompletableFuture<Optional<Measured>> start(Path root, Optional<SeenTree> before) {
    Tree tree = new Tree(root, before);
    unfinished.add(tree);
    pool.execute(tree);
    return tree.result;
  }

  /** Waits for a result, and meanwhile abandons trees that do not answer. */
  public <T> T await(Future<T> result) throws InterruptedException, ExecutionException {
    while (true) {
      try {
        return result.get(betweenLooks.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException _) {
        look(PATIENCE);
      }
    }
  }

  private void look(int patience) {
    finished.forEach(tree -> tree.answers.isSilent(patience));
    finished.removeIf(tree -> !tree.answers.cameWithin(patience));
    for (Tree tree : List.copyOf(unfinished)) {
      if (tree.answers.isSilent(patience)) {
        giveUp(tree);
        scans.server(tree.root).ifPresent(suspects::add);
      }
    }
    suspects.forEach(server -> giveUpAll(server, patience));
    replaceLostThreads();
  }

  /**
   * Abandons all trees of an unreachable server, so that nobody waits as long for each of them. A
   * server that has answered for any tree meanwhile is only slow.
   */
  private void giveUpAll(String server, int patience) {
    List<Tree> waiting = of(server, unfinished);
    if (!waiting.isEmpty()
        && Stream.concat(waiting.stream(), of(server, finished).stream())
            .noneMatch(tree -> tree.answers.cameWithin(patience))) {
      waiting.forEach(this::giveUp);
    }
  }

  private List<Tree> of(String server, Set<Tree> trees) {
    return trees.stream()
        .filter(tree -> scans.server(tree.root).equals(Optional.of(server)))
        .toList();
  }

  private void giveUp(Tree tree) {
    tree.giveUp();
    givenUp.add(tree);
  }

  private void replaceLostThreads() {
    int lost = givenUp.stream().mapToInt(tree -> tree.answers.waiting()).sum();
    if (lost > replaced) {
      replaced = lost;
      pool.setParallelism(Math.min(THREADS + lost, MOST_THREADS));
      // A thread is only started for a task that enters an empty queue.
      for (ForkJoinTask<?> queued : pool.takeQueued()) {
        if (stopped) {
          queued.quietlyInvoke(); // the pool accepts no more, and this ends at once
        } else {
          pool.execute(queued);
        }
      }
    }
  }

  /** Measures one small tree on this thread alone. */
  public static TreeUsage measure(TreeScans scans, Path root) {
    Optional<TreeScan> opened = scans.open(root);
    if (opened.isEmpty()) {
      return TreeUsage.NOTHING;
    }
    try (TreeScan scan = opened.get()) {
      TreeCount count = new TreeCount(scan, TreeScan.Listener.NONE, new SilenceDetector());
      Deque<TreePath> left = new ArrayDeque<>();
      left.push(TreePath.ROOT);
      while (!left.isEmpty()) {
        count.add(left.pop()).forEach(left::push);
      }
      return count.usage();
    }
  }

  /** Waits for the threads that can end; cancels unfinished measurements. */
  @Override
  public void close() {
    stopped = true;
    pool.shutdown();
    boolean interrupted = false;
    while (!pool.isTerminated() && !(replaced > 0 && unfinished.isEmpty())) {
      try {
        if (!pool.awaitTermination(betweenLooks.toNanos(), TimeUnit.NANOSECONDS)) {
          look(PATIENCE_AT_END);
        }
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
   * stack; the last task closes the tree, when no thread uses it any more.
   */
  private final class Tree implements Runnable {
    private final CompletableFuture<Optional<Measured>> result = new CompletableFuture<>();
    private final AtomicInteger directoriesLeft = new AtomicInteger(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final SilenceDetector answers = new SilenceDetector();
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
        if (failure.get() != null) {
          return; // it was abandoned before its turn came
        }
        answers
            .await(() -> scans.open(root))
            .ifPresentOrElse(this::begin, () -> complete(Optional.empty()));
      } catch (RuntimeException | Error e) {
        fail(e);
      }
    }

    private void complete(Optional<Measured> measured) {
      finished.add(this);
      unfinished.remove(this);
      result.complete(measured);
    }

    private void fail(Throwable why) {
      finished.add(this);
      unfinished.remove(this);
      result.completeExceptionally(why);
    }

    /** Leaves it to the threads that may be blocked in it forever. */
    void giveUp() {
      FileFailure why =
          new FileFailure("measure", root.toString(), "it does not answer", Refusal.SILENT, null);
      failure.compareAndSet(null, why);
      result.completeExceptionally(why);
      unfinished.remove(this);
    }

    private void begin(TreeScan scan) {
      Optional<String> state = Optional.empty();
      try {
        state = scan.state(false);
        // The second question makes the file system write, so it is asked only if the first one
        // matches.
        if (isSeen(state) && isSeen(scan.state(true))) {
          Measured same = new Measured(before.orElseThrow().usage(), scan.room(), state, true);
          end(scan, () -> same);
          return;
        }
      } catch (RuntimeException | Error e) {
        failure.set(e);
      }
      run(new Walk(scan, new TreeCount(scan, listener, answers), state), TreePath.ROOT);
    }

    private boolean isSeen(Optional<String> state) {
      return state.isPresent() && state.equals(before.map(SeenTree::state));
    }

    private void run(Walk walk, TreePath directory) {
      try {
        if (failure.get() == null) {
          requireGoingOn();
          for (TreePath below : answers.await(() -> walk.count().add(directory))) {
            directoriesLeft.incrementAndGet();
            pool.execute(() -> run(walk, below));
          }
        }
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      }
      if (directoriesLeft.decrementAndGet() == 0) {
        end(walk.scan(), () -> answers.await(walk::measured));
      }
    }

    private void end(TreeScan scan, Supplier<Measured> measured) {
      try (scan) {
        Throwable why = failure.get();
        if (why != null) {
          fail(why);
        } else {
          complete(Optional.of(measured.get()));
        }
      } catch (RuntimeException | Error e) {
        fail(e);
      }
    }
  }

  /**
   * A walk through a whole tree.
   *
   * @param state the state of the tree before
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
