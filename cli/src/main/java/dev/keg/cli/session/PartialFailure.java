package dev.keg.cli.session;

import dev.keg.error.VolumeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A part of the command's work failed; the rest is done and reported. */
public final class PartialFailure extends RuntimeException {
  private static final int FAILED = 1;

  private final transient List<RuntimeException> failures;
  private final int status;

  /** Failures for which the command has its own exit status. */
  public PartialFailure(List<? extends RuntimeException> failures, int status) {
    super(failures.size() + " failures", failures.getFirst());
    this.failures = List.copyOf(failures);
    this.status = status;
  }

  public int status() {
    return status;
  }

  public List<RuntimeException> failures() {
    return failures;
  }

  /** Throws if there are failures. */
  public static void throwIfAny(List<? extends RuntimeException> failures) {
    if (!failures.isEmpty()) {
      throw new PartialFailure(failures, FAILED);
    }
  }

  /** Does the work for each item, even after failures, which are thrown at the end. */
  public static <T> void forEach(Iterable<T> items, Consumer<T> work) {
    throwIfAny(collect(items, work));
  }

  /** Does the work for each item, even after failures, which are returned. */
  public static <T> List<RuntimeException> collect(Iterable<T> items, Consumer<T> work) {
    List<RuntimeException> failures = new ArrayList<>();
    for (T item : items) {
      try {
        work.accept(item);
      } catch (VolumeException e) {
        failures.add(e);
      }
    }
    return failures;
  }
}
