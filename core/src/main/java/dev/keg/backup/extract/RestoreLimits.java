package dev.keg.backup.extract;

import dev.keg.volume.Size;

/**
 * The limits of a restore: the number of entries, the bytes of content, and the ratio between plain
 * and compressed bytes.
 */
public record RestoreLimits(long entries, Size content, int ratio) {
  /** More than honest archives need, and far less than a bomb. */
  public static final int FOREIGN_RATIO = 1000;

  public static final long FOREIGN_ENTRIES = 10_000_000;

  /** For a foreign archive, on a file system with this much space. */
  public static RestoreLimits foreign(Size room) {
    return new RestoreLimits(FOREIGN_ENTRIES, room, FOREIGN_RATIO);
  }

  /** For Keg's own archives: everything there is space for. */
  public static RestoreLimits own(Size room) {
    return new RestoreLimits(Long.MAX_VALUE, room, Integer.MAX_VALUE);
  }
}
