package dev.keg.cli.session;

import dev.keg.error.VolumeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Some of what a command was to do failed; the rest is done and reported. */
public final class PartialFailure extends RuntimeException {
  private final transient List<RuntimeException> failures;

  private PartialFailure(List<? extends RuntimeException> failures) {
    super(failures.size() + " failures", failures.getFirst());
    this.failures = List.copyOf(failures);
  }

  public List<RuntimeException> failures() {
    return failures;
  }

  /** Throws if there is something to tell. */
  public static void throwIfAny(List<? extends RuntimeException> failures) {
    if (!failures.isEmpty()) {
      throw new PartialFailure(failures);
    }
  }

  /** Does something for each name, whatever fails; all failures are told at the end. */
  public static void forEach(Iterable<String> names, Consumer<String> work) {
    List<RuntimeException> failures = new ArrayList<>();
    for (String name : names) {
      try {
        work.accept(name);
      } catch (VolumeException e) {
        failures.add(e);
      }
    }
    throwIfAny(failures);
  }
}
