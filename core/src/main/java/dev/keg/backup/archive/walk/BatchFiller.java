package dev.keg.backup.archive.walk;

import dev.keg.backup.archive.walk.Batch.Item;
import dev.keg.file.ThreadEnd;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * Fills batches with the files of a tree: one thread walks, and some read the files. The number of
 * batches is fixed, so memory is bounded however slow the archive is.
 */
final class BatchFiller implements AutoCloseable {
  private static final int READERS = Math.min(4, Runtime.getRuntime().availableProcessors());

  /** One is filled and one used while every reader has one. */
  static final int BATCHES = READERS + 2;

  private final TreeAccess access;
  private final Predicate<Stat> wanted;
  private final TreeWalk walk;
  private final BlockingQueue<Batch> empty = new ArrayBlockingQueue<>(BATCHES);
  private final BlockingQueue<Batch> filled = new ArrayBlockingQueue<>(BATCHES);
  private final Queue<BatchReader> idle = new ConcurrentLinkedQueue<>();
  private final ExecutorService readers;
  private final Thread walker;
  private Batch batch = new Batch(); // used only by the walker
  private int unmade = BATCHES - 1; // used only by the walker

  /**
   * @param wanted which files to read
   */
  BatchFiller(TreeAccess access, Predicate<TreePath> excluded, Predicate<Stat> wanted) {
    this.access = access;
    this.wanted = wanted;
    walk = new TreeWalk(access.tree(), excluded);
    readers =
        Executors.newFixedThreadPool(
            READERS, Thread.ofPlatform().daemon().name("keg-read-", 0).factory());
    walker = Thread.ofPlatform().daemon().name("keg-walk").start(this::walkAll);
  }

  /** The next batch, which the caller gives back; nothing follows the last one. */
  Batch take() throws InterruptedException {
    return filled.take();
  }

  void giveBack(Batch used) {
    used.clear();
    empty.add(used);
  }

  /** The number of names met; final with the last batch. */
  long met() {
    return walk.met();
  }

  private void walkAll() {
    try {
      while (step()) {
        if (batch.isFull()) {
          submit();
          batch = next();
        }
      }
      batch.end(null);
      submit();
    } catch (InterruptedException _) {
      // closed
    } catch (RuntimeException | Error e) {
      // Not to be read ahead: perhaps no thread could be started for that.
      batch.end(e);
      filled.add(batch);
    }
  }

  /** Adds what comes next, if anything does. */
  private boolean step() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Optional<Item> next = access.use(_ -> walk.next());
    next.ifPresent(
        item -> batch.add(item, item instanceof Item.File file && reads(file.found().stat())));
    return next.isPresent();
  }

  /**
   * Whether something of the file is read besides its stat; of one with several names, only once.
   */
  private boolean reads(Stat stat) {
    boolean linked = stat.links() > 1 && stat.type() != Stat.Type.DIRECTORY;
    boolean large = stat.type() == Stat.Type.REGULAR && stat.size() > Batch.LARGEST;
    return !linked && !large && wanted.test(stat);
  }

  private void submit() {
    Batch full = batch;
    if (full.isWanted()) {
      full.readBy(readers.submit(() -> read(full)));
    }
    filled.add(full);
  }

  private void read(Batch full) {
    BatchReader known = idle.poll();
    BatchReader reader = known == null ? new BatchReader(access.another()) : known;
    try {
      reader.read(full);
    } finally {
      idle.add(reader);
    }
  }

  private Batch next() throws InterruptedException {
    Batch used = empty.poll();
    if (used == null && unmade > 0) {
      unmade--;
      return new Batch();
    }
    return used == null ? empty.take() : used;
  }

  /** Stops the threads, even in the middle of their work. */
  @Override
  public void close() {
    walker.interrupt();
    ThreadEnd.await(List.of(walker));
    readers.shutdownNow();
    readers.close();
    idle.forEach(BatchReader::close);
  }
}
