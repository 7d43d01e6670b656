package dev.keg.backup.archive;

import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Thinned;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.VolumeException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads frames ahead on several threads, and returns them in the order requested. */
final class FramePrefetch implements AutoCloseable {
  /**
   * A frame that was read, or the reason why it could not be. The bytes are valid until the next
   * frame is taken.
   */
  record Plain(
      FrameRef frame,
      ByteBuffer bytes,
      Optional<Thinned> thinned,
      Optional<VolumeException> damage) {}

  private record Ahead(FrameReader reader, Future<Plain> reading) {}

  /** Each thread takes 8 MiB, and one thread takes all frames. */
  private static final int MOST_THREADS = 4;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Iterator<FrameRef> frames;
  private final @Nullable FrameKey key;
  private final ExecutorService threads;
  private final List<FrameReader> all;
  private final Deque<FrameReader> free;
  private final Deque<Ahead> ahead = new ArrayDeque<>();
  private @Nullable FrameReader taken;

  /** With a key, also checks the hash of each whole frame's content. */
  FramePrefetch(
      ArchiveSources sources, Iterator<FrameRef> frames, int processors, @Nullable FrameKey key) {
    int threads = Math.min(processors, MOST_THREADS);
    this.frames = frames;
    this.key = key;
    this.threads =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("keg-unpack-", 0).factory());
    all = Stream.generate(() -> new FrameReader(sources)).limit(threads + 1).toList();
    free = new ArrayDeque<>(all);
  }

  Optional<Plain> next() {
    if (taken != null) {
      free.add(taken);
      taken = null;
    }
    while (!free.isEmpty() && frames.hasNext()) {
      FrameReader reader = free.remove();
      FrameRef frame = frames.next();
      ahead.add(new Ahead(reader, threads.submit(() -> read(frame, reader))));
    }
    Ahead first = ahead.poll();
    if (first == null) {
      return Optional.empty();
    }
    taken = first.reader;
    return Optional.of(waitFor(first.reading));
  }

  private Plain read(FrameRef frame, FrameReader reader) {
    try {
      ByteBuffer bytes = reader.readRemains(frame);
      if (key != null) {
        reader.requireHash(key);
      }
      return new Plain(frame, bytes, reader.thinned(), Optional.empty());
    } catch (InvalidArchive | FileFailure e) {
      // Unless the store does not answer: then nobody knows whether the frame is good.
      return new Plain(frame, NOTHING, Optional.empty(), Optional.of(e));
    }
  }

  private static Plain waitFor(Future<Plain> reading) {
    try {
      return reading.get();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
    all.forEach(FrameReader::close);
  }
}
