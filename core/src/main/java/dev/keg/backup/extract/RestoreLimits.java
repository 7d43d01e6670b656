package dev.keg.backup.extract;

import dev.keg.volume.Size;

/**
 * How much a restore may make: so many entries, so many bytes of content, and so many times the
 * bytes that a compressed archive has.
 */
public record RestoreLimits(long entries, Size content, int ratio) {
  /** More than honest archives need, and far less than a bomb. */
  public static final int FOREIGN_RATIO = 1000;

  public static final long FOREIGN_ENTRIES = 10_000_000;

  /** For an archive of others, on a file system with so much room. */
  public static RestoreLimits foreign(Size room) {
    return new RestoreLimits(FOREIGN_ENTRIES, room, FOREIGN_RATIO);
  }

  /** For one of ours: as much as there is room for. */
  public static RestoreLimits own(Size room) {
    return new RestoreLimits(Long.MAX_VALUE, room, Integer.MAX_VALUE);
  }
}
