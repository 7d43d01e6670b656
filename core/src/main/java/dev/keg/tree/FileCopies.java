package dev.keg.tree;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.Batches;
import dev.keg.file.Workers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;

/** Creates the regular files of a copy, on several threads if there are many. */
final class FileCopies {
  private static final int BUFFER = 256 * 1024;

  /** The size of each piece of a copy, between which interruptions are handled. */
  private static final long PIECE = 64 << 20;

  /**
   * The number of refusals without a success after which the copy no longer asks to share whole
   * files. Copying a range still shares its blocks if the file system supports that.
   */
  private static final int REFUSALS = 8;

  private final TreeListener listener;
  private final Worker own;
  private final Batches<Worker> batches;

  /** The number of refusals left. */
  private final AtomicInteger refusals = new AtomicInteger(REFUSALS);

  FileCopies(TreeWriter to, TreeListener listener) {
    this.listener = listener;
    this.own = new Worker(to, ByteBuffer.allocateDirect(BUFFER));
    this.batches =
        new Batches<>(
            "keg-copy-",
            Runtime.getRuntime().availableProcessors(),
            own,
            work -> {
              try (TreeWriter writer = to.another()) {
                work.accept(new Worker(writer, ByteBuffer.allocateDirect(BUFFER)));
              }
            });
  }

  /** The writer and buffer of one thread. */
  private record Worker(TreeWriter to, ByteBuffer buffer) {}

  /** The copy of a file, which takes ownership of the source. */
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

  /**
   * Creates a copy that exists after all tasks are settled. If blocks are shared, the walking
   * thread does not write: on btrfs, two writers wait for each other.
   */
  void add(One file) {
    batches.add(file, file.stat().size(), !mayShare());
  }

  private boolean mayShare() {
    return refusals.get() > 0;
  }

  /** Waits until all copies are created. */
  void settle() {
    batches.settle();
  }

  /** Waits until no thread creates files any more, and drops unstarted ones. */
  void stop() {
    batches.close();
  }

  /** An open file. */
  final class One implements Workers.Task<Worker> {
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

    @Override
    public void run(Worker worker) {
      try (source;
          NewFile made = worker.to().file(copy).orElseThrow(() -> exists(copy))) {
        if (stat.size() > 0 && share(made)) {
          listener.advanced(stat.size());
        } else {
          content(source, made, stat, worker.buffer());
        }
        made.finish(attributes);
        listener.finished();
      }
    }

    private boolean share(NewFile made) {
      if (!mayShare()) {
        return false;
      }
      boolean shared = made.share(source);
      if (shared) {
        refusals.set(Integer.MAX_VALUE);
      } else {
        refusals.decrementAndGet();
      }
      return shared;
    }

    @Override
    public void drop() {
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
