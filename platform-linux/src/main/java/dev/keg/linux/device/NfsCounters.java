package dev.keg.linux.device;

import dev.keg.activity.Counters;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the counters of an NFS mount. */
final class NfsCounters {
  private NfsCounters() {}

  /** A server's directory and the counters of its mount. */
  record MountCounters(String name, Counters counters) {}

  /**
   * The mount at this path in {@code /proc/self/mountstats}. In {@code bytes}, the fifth and sixth
   * number count network traffic. For each operation, the first number is its count and the eighth
   * its total time in milliseconds, including the queue.
   *
   * <pre>
   * device server:/export mounted on /srv with fstype nfs4 statvers=1.1
   *   bytes: 0 0 0 0 4096 8192 1 2
   *   per-op statistics
   *       READ: 3 3 0 516 4216 0 1 1 0
   *      WRITE: 2 2 0 8600 320 0 1 1 0
   * </pre>
   */
  static Optional<MountCounters> parse(String mountstats, String target) {
    String name = "";
    boolean inside = false;
    long[] bytes = new long[6];
    long reads = 0;
    long writes = 0;
    long waited = 0;
    for (String line : mountstats.lines().toList()) {
      String[] words = line.strip().split("\\s+", -1);
      if (words[0].equals("device")) {
        if (inside) {
          break;
        }
        inside = words.length > 7 && words[4].equals(escaped(target)) && words[7].startsWith("nfs");
        name = inside ? words[1] : "";
      } else if (inside && words[0].equals("bytes:") && words.length > 6) {
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = number(words[i + 1]);
        }
      } else if (inside && words.length > 8 && words[0].equals("READ:")) {
        reads = number(words[1]);
        waited += number(words[8]);
      } else if (inside && words.length > 8 && words[0].equals("WRITE:")) {
        writes = number(words[1]);
        waited += number(words[8]);
      }
    }
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new MountCounters(
                name,
                new Counters(
                    reads,
                    bytes[4],
                    writes,
                    bytes[5],
                    OptionalLong.empty(),
                    OptionalLong.of(waited))));
  }

  private static String escaped(String target) {
    return target
        .replace("\\", "\\134")
        .replace(" ", "\\040")
        .replace("\t", "\\011")
        .replace("\n", "\\012");
  }

  private static long number(String text) {
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
