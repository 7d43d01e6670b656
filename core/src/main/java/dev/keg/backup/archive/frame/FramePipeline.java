package dev.keg.backup.archive.frame;

import dev.keg.file.FileFailures;
import dev.keg.file.ThreadEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Compresses frames on several threads and writes them in the given order. The number of buffers is
 * fixed, and a thread that needs one waits until a frame is written, so memory stays bounded
 * however slow the output is. If writing fails, the producer's next call throws.
 */
public final class FramePipeline implements AutoCloseable {
  /** The work on a frame. Its buffer is reused afterwards. */
  public interface Job {
    /**
     * Packs the frame, or leaves nothing packed if it need not be written. Called on any thread.
     */
    void pack(FrameBuffer buffer);

    /** Called after it was written, in order. */
    default void written(long offset, FrameBuffer buffer) {}
  }

  /**
   * Bytes that follow the frames submitted so far; the writing thread writes them in their turn.
   */
  public interface Block {
    /** Called when all earlier frames have their position; receives the offset of the block. */
    ByteBuffer[] make(long offset);
  }

  private sealed interface Work {}

  private record Packed(Future<?> packing, FrameBuffer buffer, Job job) implements Work {}

  private record InTurn(Block block) implements Work {}

  private record Turn(Runnable turn) implements Work {}

  private record End() implements Work {}

  private final String archive;
  private final WritableByteChannel out;
  private final BlockingQueue<FrameBuffer> free;
  private final BlockingQueue<Work> queue;
  private final ExecutorService packers;
  private final Thread writer;
  private int unmade; // used only by the producer
  private long before;
  private long written;
  private volatile long length;
  private volatile @Nullable Throwable failure;

  public FramePipeline(String archive, WritableByteChannel out, int threads) {
    this.archive = archive;
    this.out = out;
    // One buffer is filled while every thread packs one; to write one takes little time. If nothing
    // is packed, it takes as long as to fill one.
    unmade = Math.max(3, threads + 1);
    free = new ArrayBlockingQueue<>(unmade);
    queue = new ArrayBlockingQueue<>(2 * unmade);
    packers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("keg-pack-", 0).factory());
    writer = Thread.ofPlatform().daemon().name("keg-write").start(this::writeAll);
  }

  /** An empty buffer; waits for one if all are in use. */
  public FrameBuffer take() {
    @Nullable FrameBuffer idle = free.poll();
    FrameBuffer buffer = idle != null ? idle : unmade > 0 ? make() : waiting(free::take);
    throwFailure();
    buffer.plain.clear();
    return buffer;
  }

  private FrameBuffer make() {
    unmade--;
    return new FrameBuffer();
  }

  /** Packs the buffer in the background. */
  public void submit(FrameBuffer buffer, Job job) {
    throwFailure();
    buffer.plain.flip();
    buffer.room(0).limit(0);
    put(new Packed(packers.submit(() -> job.pack(buffer)), buffer, job));
  }

  public void submit(Block block) {
    throwFailure();
    put(new InTurn(block));
  }

  /** Writes what follows to another object, which the work begins; offsets count from there. */
  public void turn(Runnable work) {
    throwFailure();
    put(new Turn(work));
  }

  /** The number of bytes written to the current object so far. */
  public long length() {
    return length;
  }

  private void put(Work work) {
    waiting(
        () -> {
          queue.put(work);
          return work;
        });
  }

  /** Waits until everything is written, and returns the number of bytes. */
  public long finish() {
    put(new End());
    waiting(
        () -> {
          writer.join();
          return writer;
        });
    throwFailure();
    return before + written;
  }

  private void writeAll() {
    try {
      for (Work work = queue.take(); !(work instanceof End); work = queue.take()) {
        write(work);
      }
    } catch (InterruptedException e) {
      // The producer failed and closes the pipeline; nobody reads this any more.
      fail(e);
    }
  }

  /** After a failure, work still passes through, so that nobody waits for a buffer. */
  private void write(Work work) throws InterruptedException {
    try {
      switch (work) {
        case Packed packed -> {
          packed.packing().get();
          if (failure == null) {
            long offset = written;
            writeFully(packed.buffer().packed());
            packed.job().written(offset, packed.buffer());
          }
        }
        case InTurn inTurn -> {
          if (failure == null) {
            for (ByteBuffer part : inTurn.block().make(written)) {
              writeFully(part);
            }
          }
        }
        case Turn turn -> {
          if (failure == null) {
            length = 0; // before the work reports that it is done
            turn.turn().run();
            before += written;
            written = 0;
          }
        }
        case End _ -> {}
      }
    } catch (ExecutionException e) {
      fail(e.getCause() == null ? e : e.getCause());
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    } finally {
      length = written;
      if (work instanceof Packed packed) {
        free.put(packed.buffer());
      }
    }
  }

  private void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  public boolean isBroken() {
    return failure != null;
  }

  private void writeFully(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      written += out.write(buffer);
    }
  }

  private void throwFailure() {
    switch (failure) {
      case null -> {}
      case IOException e -> throw FileFailures.failure("write", archive, e);
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  private interface Waiting<T> {
    T get() throws InterruptedException;
  }

  private static <T> T waiting(Waiting<T> work) {
    try {
      return work.get();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  /** Stops the threads, even in the middle of their work. */
  @Override
  public void close() {
    writer.interrupt();
    packers.shutdownNow();
    packers.close();
    ThreadEnd.await(List.of(writer));
  }
}
