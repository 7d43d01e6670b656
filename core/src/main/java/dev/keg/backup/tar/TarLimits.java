package dev.keg.backup.tar;

/**
 * Limits for an archive that is read. A pax header is held in memory, and so is a path; every entry
 * takes an inode, however small it is.
 */
public record TarLimits(
    int paxHeader, int path, int depth, int xattrs, int xattrValue, long entries) {
  /** For foreign archives: far more than honest trees need. */
  public static final TarLimits FOREIGN =
      new TarLimits(1 << 20, 32 << 10, 1024, 1024, 64 << 10, 10_000_000);

  /**
   * For Keg's own archives, whose hash was checked: everything that a file system can hold must be
   * restored.
   */
  public static final TarLimits OWN =
      new TarLimits(64 << 20, 1 << 20, 1 << 19, 1 << 20, 16 << 20, Long.MAX_VALUE);
}
