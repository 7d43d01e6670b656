package dev.keg.registry;

import java.util.List;
import java.util.stream.Stream;

/** Works on many volumes with all processors. */
public final class Parallel {
  /**
   * The number from which this pays off: starting threads takes longer than opening a few files.
   */
  private static final int MANY = 256;

  private Parallel() {}

  public static <T> Stream<T> stream(List<T> items) {
    return items.size() < MANY ? items.stream() : items.parallelStream();
  }
}
