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
 * Creates the regular files of a copy: the first ones on the walking thread and, once there are
 * many, batches of them on several threads.
 */
final class FileCopies {
  private static final int BUFFER = 256 * 1024;

  /** This many files are copied sooner than threads start. */
  private static final int FEW = 64;

  /** More threads would wait for the disk, or for one another. */
  private static final int MOST_THREADS = 4;

  /** The number of small files in a batch: waking a thread takes as long as copying one. */
  private static final int BATCH = 16;

  /** A batch ends at this size, so that other threads get work, too. */
  private static final long BATCH_SIZE = 1 << 20;

  /** The size of each piece of a copy, between which interruptions are handled. */
  private static final long PIECE = 64 << 20;

  private final TreeWriter to;
  private final TreeListener listener;
  private final Hands own;

  /** One processor is for the walking thread; on btrfs, two writers wait for one another. */
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

  /** The tools of one thread. */
  private record Hands(TreeWriter to, ByteBuffer buffer) {}

  /** The copy of a file, which takes over the source. */
  One of(OpenFile source, TreePath copy) {
    try {
      Stat stat = source.stat();
      return new One(source, copy, stat, stat.attributes(source.xattrs()));
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /** Creates a copy before it returns. */
  void now(One file) {
    file.run(own);
  }

  /** Creates a copy that exists once all are settled. */
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

  /** Waits until all copies are created. */
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

  /** Waits until no thread creates files any more, and drops unstarted ones. */
  void stop() {
    @Nullable Workers<Hands> started = workers;
    workers = null;
    batch.drop();
    if (started != null) {
      started.close();
    }
  }

  /** Open files, to be copied by any thread. */
  private static final class Batch implements Workers.Task<Hands> {
    private final Deque<One> files = new ArrayDeque<>(BATCH);
    private long size;

    /** Adds a file, and returns whether the batch is full. */
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

  /** An open file. */
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

  // Only the copy is interrupted, not the cleanup.
  static void requireGoingOn() {
    if (Thread.interrupted()) {
      throw new CancellationException("interrupted");
    }
  }
}
