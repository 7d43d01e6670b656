package dev.keg.program;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A program that is ended when it neither writes nor reads anything for a while, and does not end,
 * which also ends the call that waits for it. Time in which nobody waits for it does not count, nor
 * does a write during which it writes output: its work may keep it from reading more.
 */
public final class WatchedProgram implements Programs.Running {
  /** For a program whose service may hang and never answer. */
  public static final Duration PATIENCE = Duration.ofMinutes(1);

  /** The size of a single write, small enough for a slow connection to take it in time. */
  private static final int PIECE = 1 << 13;

  private final Programs.Running program;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Duration patience;
  private volatile boolean waiting;
  private volatile boolean writing;
  private volatile long since;
  private volatile boolean silent;

  public WatchedProgram(Programs.Running program, Duration patience) {
    this.program = program;
    this.patience = patience;
    Thread.ofVirtual().start(this::watch);
  }

  private void watch() {
    int received = 0;
    try {
      while (!closed.await(patience.toMillis() / 4, TimeUnit.MILLISECONDS)) {
        int unread = writing ? unread() : 0;
        if (unread > received) {
          since = System.nanoTime();
        } else if (waiting && System.nanoTime() - since > patience.toNanos()) {
          silent = true;
          program.close();
          return;
        }
        received = unread;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  // While somebody writes, nobody else reads its output.
  private int unread() {
    try {
      return program.output().available();
    } catch (IOException _) {
      return 0; // the writer meets the same failure
    }
  }

  /** Whether it was ended for its silence. */
  public boolean isSilent() {
    return silent;
  }

  /** How long it may be silent. */
  public Duration patience() {
    return patience;
  }

  /** Allows a longer silence from now on. */
  public void allow(Duration silence) {
    patience = silence;
  }

  /**
   * All of its output, when it has ended; it gets no input.
   *
   * @param name its name in the message if it was ended for its silence
   */
  public byte[] answer(String name) throws IOException, InterruptedException {
    program.input().close();
    byte[] said = new byte[0];
    try {
      said = output().readAllBytes();
      int _ = exitCode();
    } catch (IOException e) {
      if (!silent) {
        throw e;
      }
    }
    if (silent) {
      throw new IOException(
          "%s has not answered for %d s; check whether its service hangs"
              .formatted(name, patience.toSeconds()));
    }
    return said;
  }

  private interface Call<T, E extends Exception> {
    T run() throws E;
  }

  private <T, E extends Exception> T waiting(Call<T, E> call) throws E {
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
        for (int written = 0; written < length; written += PIECE) {
          int start = offset + written;
          int count = Math.min(PIECE, length - written);
          writing(() -> out.write(bytes, start, count));
        }
      }

      @Override
      public void flush() throws IOException {
        writing(out::flush);
      }
    };
  }

  private interface Write {
    void run() throws IOException;
  }

  private void writing(Write write) throws IOException {
    writing = true;
    try {
      boolean _ =
          waiting(
              () -> {
                write.run();
                return true;
              });
    } finally {
      writing = false;
    }
  }

  @Override
  public int exitCode() throws InterruptedException {
    return waiting(program::exitCode);
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
