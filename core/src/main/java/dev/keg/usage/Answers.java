package dev.keg.usage;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Tells a file system that is gone, as one on a server, from one that is slow: of the first no call
 * comes back. Looks are counted and not the time, as a process that was stopped for an hour has not
 * waited for an answer.
 */
final class Answers {
  private static final int NEVER = Integer.MAX_VALUE;

  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder answers = new LongAdder();
  private long before;
  private int vain;
  private int sinceAnswer = NEVER;

  /** Asks the file system something. */
  <T> T await(Supplier<T> question) {
    waiting.incrementAndGet();
    try {
      return question.get();
    } finally {
      waiting.decrementAndGet();
      came();
    }
  }

  /** Part of an answer is there. */
  void came() {
    answers.increment();
  }

  /** How many threads wait for an answer. */
  int waiting() {
    return waiting.get();
  }

  /**
   * Takes a look; true if somebody waits and nothing has come for so many looks.
   *
   * @param looks at regular intervals, all by one thread
   */
  boolean isSilent(int looks) {
    long now = answers.sum();
    boolean came = now != before;
    sinceAnswer = came ? 0 : sinceAnswer == NEVER ? NEVER : sinceAnswer + 1;
    vain = waiting() > 0 && !came ? vain + 1 : 0;
    before = now;
    return vain >= looks;
  }

  /** Whether something had come when one of the last looks was taken. */
  boolean cameWithin(int looks) {
    return sinceAnswer < looks;
  }
}
