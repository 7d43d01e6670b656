package dev.keg.cli.session;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets long work clean up when it is stopped by Ctrl-C or a signal: its thread is interrupted, and
 * the process ends after the work, or after a while in any case.
 */
public final class Interruption {
  private static final int SECONDS_TO_END = 20;

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean stopping;

  private Interruption() {}

  public static void run(Runnable work) {
    NativeBinary.heedSignals();
    Interruption interruption = new Interruption();
    Thread hook = new Thread(interruption::stop);
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      work.run();
    } finally {
      interruption.end(hook);
    }
  }

  /** Sleeps; an interruption ends it early and is preserved. */
  public static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop() {
    stopping = true;
    worker.interrupt();
    try {
      boolean _ = ended.await(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(Thread hook) {
    ended.countDown();
    if (!stopping) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException _) {
        stopping = true;
      }
    }
    // A failure because of the signal is not reported: the exit status tells it.
    while (stopping) {
      LockSupport.park();
      var _ = Thread.interrupted();
    }
  }
}
