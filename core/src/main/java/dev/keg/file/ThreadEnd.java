package dev.keg.file;

import java.util.Collection;

/** Waits for threads that were told to end, even if the waiting thread is interrupted. */
public final class ThreadEnd {
  private ThreadEnd() {}

  /**
   * Returns when all of the threads have ended; nothing that they use may be closed before. An
   * interruption does not shorten the wait, and is preserved.
   */
  public static void await(Collection<Thread> threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
