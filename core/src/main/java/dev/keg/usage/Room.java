package dev.keg.usage;

import dev.keg.volume.Size;
import java.util.OptionalInt;

/**
 * How full a file system is, or the quota that limits one of its directories.
 *
 * @param free includes what only root may use
 * @param available what ordinary users may use
 * @param files the maximum number of inodes; zero for no limit
 */
public record Room(Size total, Size free, Size available, long files, long freeFiles) {
  /** Calculated like df(1): relative to what ordinary users can fill, and rounded up. */
  public OptionalInt usedPercent() {
    long used = Math.max(0, total.bytes() - free.bytes());
    return percent(used, used + available.bytes());
  }

  /** The same for inodes. */
  public OptionalInt usedFilesPercent() {
    return percent(Math.max(0, files - freeFiles), files);
  }

  private static OptionalInt percent(long used, long of) {
    return of == 0 ? OptionalInt.empty() : OptionalInt.of((int) Math.ceil(used * 100.0 / of));
  }
}
