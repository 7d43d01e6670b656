package dev.keg.linux.kernel;

import java.util.function.IntConsumer;

/** An open file descriptor; closed when the block that opened it is left. */
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

  /** The same, to be closed by somebody else. */
  public Fd borrowed() {
    return new Fd(number, _ -> {});
  }

  /** A name that leads to what is open, whatever happens to the path by which it was opened. */
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
