package dev.keg.usage;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Distinguishes an unreachable file system, for example on a server, from a slow one: no call to
 * the former returns. Counts checks instead of time, since a process that was stopped for an hour
 * has not waited for an answer.
 */
final class SilenceDetector {
  private static final int NEVER = Integer.MAX_VALUE;

  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder answers = new LongAdder();
  private long before;
  private int vain;
  private int sinceAnswer = NEVER;

  /** Asks the file system a question. */
  <T> T await(Supplier<T> question) {
    waiting.incrementAndGet();
    try {
      return question.get();
    } finally {
      waiting.decrementAndGet();
      came();
    }
  }

  /** A part of an answer has arrived. */
  void came() {
    answers.increment();
  }

  /** The number of threads that wait for an answer. */
  int waiting() {
    return waiting.get();
  }

  /**
   * Performs a check; returns true if somebody waits and nothing has arrived for this many checks.
   *
   * @param looks the number of checks, made at regular intervals by one thread
   */
  boolean isSilent(int looks) {
    long now = answers.sum();
    boolean came = now != before;
    sinceAnswer = came ? 0 : sinceAnswer == NEVER ? NEVER : sinceAnswer + 1;
    vain = waiting() > 0 && !came ? vain + 1 : 0;
    before = now;
    return vain >= looks;
  }

  /** Whether something had arrived at one of the last checks. */
  boolean cameWithin(int looks) {
    return sinceAnswer < looks;
  }
}
