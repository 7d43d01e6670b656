package dev.keg.warming;

import dev.keg.error.VolumeException;
import dev.keg.volume.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Adds up what several threads have read. */
final class WarmingTotals {
  private final List<VolumeException> problems = new ArrayList<>();
  private long files;
  private long size;
  private OptionalLong before = OptionalLong.of(0);
  private OptionalLong after = OptionalLong.of(0);

  synchronized void add(long data, OptionalLong cachedBefore, OptionalLong cachedAfter) {
    files++;
    size += data;
    before = sum(before, cachedBefore);
    after = sum(after, cachedAfter);
  }

  /** Empty if either is unknown. */
  private static OptionalLong sum(OptionalLong a, OptionalLong b) {
    return a.isPresent() && b.isPresent()
        ? OptionalLong.of(a.getAsLong() + b.getAsLong())
        : OptionalLong.empty();
  }

  synchronized void add(VolumeException problem) {
    problems.add(problem);
  }

  synchronized Warmed result() {
    return new Warmed(files, new Size(size), size(before), size(after), problems);
  }

  private static Optional<Size> size(OptionalLong bytes) {
    return bytes.isPresent() ? Optional.of(new Size(bytes.getAsLong())) : Optional.empty();
  }
}
