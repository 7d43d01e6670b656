package dev.keg.mountspec;

import dev.keg.error.InvalidInput.InvalidSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The translation of file owners through a mount, in podman's syntax: {@code
 * uids=0-1000-10#10-5000-1;gids=0-1000-10}, each triple is the first owner on disk, the first owner
 * seen, and their number.
 */
public record IdMap(List<Range> uids, List<Range> gids) {
  private static final long MAX_IDS = 1L << 32;

  public IdMap {
    uids = List.copyOf(uids);
    gids = List.copyOf(gids);
    if (uids.isEmpty() && gids.isEmpty()) {
      throw new InvalidSpec("an idmap needs uids= or gids=");
    }
  }

  /** A range of owners. */
  public record Range(long onDisk, long seen, long count) {
    public Range {
      if (count < 1
          || onDisk < 0
          || seen < 0
          || onDisk + count > MAX_IDS
          || seen + count > MAX_IDS) {
        throw new InvalidSpec("invalid idmap range '%d-%d-%d'".formatted(onDisk, seen, count));
      }
    }
  }

  public static IdMap parse(String text) {
    List<Range> uids = new ArrayList<>();
    List<Range> gids = new ArrayList<>();
    for (String part : text.split(";", -1)) {
      if (part.startsWith("uids=")) {
        uids.addAll(ranges(text, part.substring(5)));
      } else if (part.startsWith("gids=")) {
        gids.addAll(ranges(text, part.substring(5)));
      } else {
        throw invalid(text);
      }
    }
    return new IdMap(uids, gids);
  }

  private static List<Range> ranges(String text, String triples) {
    List<Range> ranges = new ArrayList<>();
    for (String triple : triples.split("#", -1)) {
      if (!triple.matches("\\d{1,10}-\\d{1,10}-\\d{1,10}")) {
        throw invalid(text);
      }
      String[] numbers = triple.split("-", -1);
      ranges.add(
          new Range(
              Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2])));
    }
    return ranges;
  }

  private static InvalidSpec invalid(String text) {
    return new InvalidSpec(
        "invalid idmap '" + text + "'",
        "write it as uids=DISK-SEEN-COUNT[#...];gids=DISK-SEEN-COUNT[#...]");
  }
}
