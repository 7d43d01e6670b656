package dev.keg.linux.device;

import dev.keg.activity.Counters;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the counters of a block device. */
final class BlockCounters {
  private static final int SECTOR = 512;
  private static final int FIELDS = 11;

  private BlockCounters() {}

  /**
   * The file {@code stat} of a device in sysfs, described in the kernel's {@code block/stat.rst}:
   *
   * <pre>
   * reads merged sectors ms   writes merged sectors ms   in-flight busy-ms waited-ms   ...
   *  9403   1832  722318 3302   4417   5172  236624 9103          0    7340     12560  ...
   * </pre>
   */
  static Optional<Counters> parse(String stat) {
    long[] n =
        Arrays.stream(stat.strip().split("\\s+"))
            .filter(word -> word.matches("\\d{1,18}"))
            .mapToLong(Long::parseLong)
            .toArray();
    return n.length < FIELDS
        ? Optional.empty()
        : Optional.of(
            new Counters(
                n[0],
                n[2] * SECTOR,
                n[4],
                n[6] * SECTOR,
                OptionalLong.of(n[9]),
                OptionalLong.of(n[10])));
  }
}
