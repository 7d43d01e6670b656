package dev.keg.moving;

import dev.keg.backup.store.Programs;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A program that is ended when it neither says nor takes anything for a while, which ends the read
 * or write that waits for it. The time in which nobody waits for it does not count.
 */
final class WatchedProgram implements Programs.Running {
  private final Programs.Running program;
  private final Duration patience;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean waiting;
  private volatile long since;
  private volatile boolean silent;

  WatchedProgram(Programs.Running program, Duration patience) {
    this.program = program;
    this.patience = patience;
    Thread.ofVirtual().start(this::watch);
  }

  private void watch() {
    try {
      while (!closed.await(patience.toMillis() / 4, TimeUnit.MILLISECONDS)) {
        long start = since;
        if (waiting && System.nanoTime() - start > patience.toNanos()) {
          silent = true;
          program.close();
          return;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it was ended for its silence. */
  boolean isSilent() {
    return silent;
  }

  private interface Call<T> {
    T run() throws IOException;
  }

  private <T> T waiting(Call<T> call) throws IOException {
    since = System.nanoTime();
    waiting = true;
    try {
      return call.run();
    } finally {
      waiting = false;
    }
  }

  @Override
  public InputStream output() {
    return new FilterInputStream(program.output()) {
      @Override
      public int read() throws IOException {
        return waiting(in::read);
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return waiting(() -> in.read(bytes, offset, length));
      }
    };
  }

  @Override
  public OutputStream input() {
    return new FilterOutputStream(program.input()) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        waiting(
            () -> {
              out.write(bytes, offset, length);
              return true;
            });
      }

      @Override
      public void flush() throws IOException {
        waiting(
            () -> {
              out.flush();
              return true;
            });
      }
    };
  }

  @Override
  public int exitCode() throws InterruptedException {
    return program.exitCode();
  }

  @Override
  public String complaint() {
    return program.complaint();
  }

  @Override
  public void close() {
    closed.countDown();
    program.close();
  }
}
