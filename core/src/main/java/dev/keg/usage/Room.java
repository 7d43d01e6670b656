package dev.keg.usage;

import dev.keg.volume.Size;
import java.util.OptionalInt;

/**
 * How full a file system is, or the quota that limits a directory of it.
 *
 * @param free including what only root may use
 * @param available to ordinary users
 * @param files how many inodes there can be; zero if the file system has no such limit
 */
public record Room(Size total, Size free, Size available, long files, long freeFiles) {
  /** As df(1) counts: of what ordinary users can fill, and rounded up. */
  public OptionalInt usedPercent() {
    long used = Math.max(0, total.bytes() - free.bytes());
    return percent(used, used + available.bytes());
  }

  /** The same of inodes. */
  public OptionalInt usedFilesPercent() {
    return percent(Math.max(0, files - freeFiles), files);
  }

  private static OptionalInt percent(long used, long of) {
    return of == 0 ? OptionalInt.empty() : OptionalInt.of((int) Math.ceil(used * 100.0 / of));
  }
}
