package dev.keg.linux.kernel;

import java.util.function.IntConsumer;

/** An open file descriptor. */
public final class Fd implements AutoCloseable {
  private final int number;
  private final IntConsumer closer;
  private boolean open = true;

  Fd(int number, IntConsumer closer) {
    this.number = number;
    this.closer = closer;
  }

  public int number() {
    return number;
  }

  /** The same descriptor, but closing this one leaves it open. */
  public Fd borrowed() {
    return new Fd(number, _ -> {});
  }

  /** A path to the open file that stays valid even if the original path changes. */
  public String path() {
    return "/proc/self/fd/" + number;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      closer.accept(number);
    }
  }
}
