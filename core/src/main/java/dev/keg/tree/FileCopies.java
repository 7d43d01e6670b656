package dev.keg.tree;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.Workers;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the regular files of a copy: the first by the thread that walks, and once there are many,
 * batches of them by several threads.
 */
final class FileCopies {
  private static final int BUFFER = 256 * 1024;

  /** So many files are copied sooner than threads start. */
  private static final int FEW = 64;

  /** More would wait for the disk, or for one another. */
  private static final int MOST_THREADS = 4;

  /** So many small files go to a thread at once: to wake it takes as long as to copy one. */
  private static final int BATCH = 16;

  /** Other threads need not wait for one that copies more than this. */
  private static final long BATCH_SIZE = 1 << 20;

  /** Copied at once; an interruption is heeded in between. */
  private static final long PIECE = 64 << 20;

  private final TreeWriter to;
  private final TreeListener listener;
  private final Hands own;

  /** One processor is for the thread that walks; of btrfs, two that write wait for one another. */
  private final int threads =
      Math.clamp(Runtime.getRuntime().availableProcessors() - 1L, 0, MOST_THREADS);

  private @Nullable Workers<Hands> workers;
  private Batch batch = new Batch();
  private long files;

  FileCopies(TreeWriter to, TreeListener listener) {
    this.to = to;
    this.listener = listener;
    this.own = new Hands(to, ByteBuffer.allocateDirect(BUFFER));
  }

  /** What one thread copies with. */
  private record Hands(TreeWriter to, ByteBuffer buffer) {}

  /** The copy of a file, which this takes over. */
  One of(OpenFile source, TreePath copy) {
    try {
      Stat stat = source.stat();
      return new One(source, copy, stat, stat.attributes(source.xattrs()));
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /** Makes one that is there afterwards. */
  void now(One file) {
    file.run(own);
  }

  /** Makes one that is there once all are settled. */
  void add(One file) {
    if (++files <= FEW || threads == 0) {
      now(file);
    } else if (batch.isFullWith(file)) {
      submit();
    }
  }

  private void submit() {
    threads().submit(batch);
    batch = new Batch();
  }

  private Workers<Hands> threads() {
    @Nullable Workers<Hands> started = workers;
    if (started == null) {
      started =
          new Workers<>(
              threads,
              "keg-copy-",
              work -> {
                try (TreeWriter writer = to.another()) {
                  work.accept(new Hands(writer, ByteBuffer.allocateDirect(BUFFER)));
                }
              });
      workers = started;
    }
    return started;
  }

  /** Waits until all are made. */
  void settle() {
    @Nullable Workers<Hands> started = workers;
    if (started == null) {
      batch.run(own);
    } else {
      submit();
      started.finish();
      stop();
    }
  }

  /** Waits until nobody makes files any more, and drops those that nobody has begun. */
  void stop() {
    @Nullable Workers<Hands> started = workers;
    workers = null;
    batch.drop();
    if (started != null) {
      started.close();
    }
  }

  /** Files that are open, to be copied by any thread. */
  private static final class Batch implements Workers.Task<Hands> {
    private final Deque<One> files = new ArrayDeque<>(BATCH);
    private long size;

    /** Adds one, and tells whether that is enough. */
    boolean isFullWith(One file) {
      files.add(file);
      size += file.stat().size();
      return files.size() == BATCH || size > BATCH_SIZE;
    }

    @Override
    public void run(Hands hands) {
      try {
        while (!files.isEmpty()) {
          files.removeFirst().run(hands);
        }
      } finally {
        drop();
      }
    }

    @Override
    public void drop() {
      files.forEach(One::drop);
      files.clear();
      size = 0;
    }
  }

  /** A file that is open. */
  final class One {
    private final OpenFile source;
    private final TreePath copy;
    private final Stat stat;
    private final Attributes attributes;

    private One(OpenFile source, TreePath copy, Stat stat, Attributes attributes) {
      this.source = source;
      this.copy = copy;
      this.stat = stat;
      this.attributes = attributes;
    }

    Stat stat() {
      return stat;
    }

    void run(Hands hands) {
      try (source;
          NewFile made = hands.to().file(copy).orElseThrow(() -> exists(copy))) {
        if (stat.size() > 0 && made.share(source)) {
          listener.advanced(stat.size());
        } else {
          content(source, made, stat, hands.buffer());
        }
        made.finish(attributes);
        listener.finished();
      }
    }

    void drop() {
      source.close();
    }
  }

  private void content(OpenFile source, NewFile copy, Stat stat, ByteBuffer buffer) {
    long size = stat.size();
    List<FileKind.Extent> data =
        stat.sparse() ? source.data(size) : FileKind.RegularFile.whole(size).data();
    for (FileKind.Extent extent : data) {
      for (long at = extent.offset(); at < extent.end(); at += PIECE) {
        requireGoingOn();
        FileKind.Extent piece = new FileKind.Extent(at, Math.min(PIECE, extent.end() - at));
        if (!copy.copy(source, piece)) {
          copy.write(source, piece, buffer);
        }
        listener.advanced(piece.length());
      }
    }
    if (stat.sparse()) {
      copy.size(size);
    }
  }

  static FileFailure exists(TreePath path) {
    return new FileFailure("copy", path.toString(), "file exists", null);
  }

  // The copy is interrupted, not what clears up after it.
  static void requireGoingOn() {
    if (Thread.interrupted()) {
      throw new CancellationException("interrupted");
    }
  }
}
