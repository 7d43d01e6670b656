package dev.keg.backup.archive.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.archive.frame.Compression.Zstd;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FramePipelineTest {
  /** A channel that writes slowly and cannot be interrupted. */
  private static final class Slow implements WritableByteChannel {
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean ended;

    @Override
    public int write(ByteBuffer from) {
      writing.countDown();
      boolean interrupted = false;
      while (closing.getCount() > 0) {
        try {
          interrupted |= !closing.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      int length = from.remaining();
      from.position(from.limit());
      ended = true;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static final FramePipeline.Job COPY =
      buffer -> buffer.room(buffer.plain.remaining()).put(buffer.plain).flip();

  @Test
  void a_buffer_is_used_again_before_another_is_made() {
    WritableByteChannel out = Channels.newChannel(OutputStream.nullOutputStream());
    try (FramePipeline pipeline = new FramePipeline("db", out, 1)) {
      FrameBuffer buffer = pipeline.take();
      buffer.plain.put((byte) 1);
      pipeline.submit(buffer, COPY);
      assertThat(pipeline.finish()).isEqualTo(1);

      assertThat(pipeline.take()).isSameAs(buffer);
      assertThat(pipeline.take()).isNotSameAs(buffer);
    }
  }

  @Test
  void a_thread_more_takes_a_buffer_more_and_zstd_takes_few_threads() {
    int threads = new Zstd(Zstd.DEFAULT_LEVEL).threads(64);
    assertThat(threads).isEqualTo(3);
    WritableByteChannel out = Channels.newChannel(OutputStream.nullOutputStream());
    try (FramePipeline pipeline = new FramePipeline("db", out, threads)) {
      for (int i = 0; i <= threads; i++) {
        pipeline.take();
      }
      Thread.currentThread().interrupt(); // otherwise it waits for ever
      assertThatThrownBy(pipeline::take).isInstanceOf(CancellationException.class);
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void closing_waits_for_the_writer_although_it_is_interrupted() throws Exception {
    Slow out = new Slow();
    FramePipeline pipeline = new FramePipeline("db", out, 1);
    FrameBuffer buffer = pipeline.take();
    buffer.plain.put((byte) 1);
    pipeline.submit(buffer, COPY);
    out.writing.await();
    Thread main = Thread.currentThread();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    Thread release =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  while (main.getState() != Thread.State.WAITING && System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                  }
                  out.closing.countDown();
                });

    main.interrupt();
    pipeline.close();

    assertThat(out.ended).isTrue();
    assertThat(Thread.interrupted()).isTrue();
    release.join();
  }
}
