package dev.keg.warming;

import dev.keg.file.Throttle;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads one file after another. Not thread-safe. */
final class Reader implements AutoCloseable {
  /** No more than the kernel reads ahead at once on any device. */
  private static final int CHUNK = 128 << 10;

  /** How far reading is ahead of the bytes waited for. */
  private static final int WINDOW = 16 * CHUNK;

  private final FileTree tree;
  private final Throttle throttle;
  private final TreeListener listener;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);

  Reader(FileTree tree, Throttle throttle, TreeListener listener) {
    this.tree = tree;
    this.throttle = throttle;
    this.listener = listener;
  }

  /** Brings the data of a regular file into memory; skips other files and vanished ones. */
  void read(TreePath path, WarmingTotals totals, Stop stop) {
    Optional<OpenFile> opened = tree.open(path);
    if (opened.isEmpty()) {
      return;
    }
    try (OpenFile file = opened.get()) {
      Stat stat = file.stat();
      if (stat.type() == Stat.Type.REGULAR) {
        List<Extent> data = file.data(stat.size());
        long length = data.stream().mapToLong(Extent::length).sum();
        OptionalLong before = cached(file, stat.size(), length);
        if (before.orElse(0) < length) {
          data.forEach(extent -> read(file, extent, stop));
        } else {
          listener.advanced(length);
        }
        totals.add(length, before, cached(file, stat.size(), length));
        listener.finished();
      }
    }
  }

  // A hole that somebody has read is in memory, too, but is not data.
  private static OptionalLong cached(OpenFile file, long size, long data) {
    OptionalLong cached = file.cached(size);
    return cached.isPresent() ? OptionalLong.of(Math.min(data, cached.getAsLong())) : cached;
  }

  private void read(OpenFile file, Extent extent, Stop stop) {
    long end = extent.offset() + extent.length();
    for (long at = extent.offset(); at < end && !stop.isStopped(); at += CHUNK) {
      int length = (int) Math.min(CHUNK, end - at);
      throttle.take(length);
      if (!file.prefetch(at, length)) {
        fill(file, at, length);
      } else if (at - WINDOW >= extent.offset()) {
        fill(file, at - WINDOW, 1);
      }
      listener.advanced(length);
    }
    if (!stop.isStopped()) {
      fill(file, end - 1, 1);
    }
  }

  /** Returns when the bytes are in memory. */
  private void fill(OpenFile file, long at, int length) {
    buffer.clear().limit(length);
    int read = 0;
    while (read >= 0 && buffer.hasRemaining()) {
      read = file.read(buffer, at + buffer.position());
    }
  }

  /** Requests an early end. */
  @FunctionalInterface
  interface Stop {
    boolean isStopped();
  }

  @Override
  public void close() {
    tree.close();
  }
}
