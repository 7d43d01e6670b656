package dev.keg.backup.tar;

/**
 * How much an archive may ask of its reader. A pax header is held in memory, and so is a path; an
 * entry costs an inode however small it is.
 */
public record TarLimits(
    int paxHeader, int path, int depth, int xattrs, int xattrValue, long entries) {
  /** For archives of others: what a tree in honest use stays far below. */
  public static final TarLimits FOREIGN =
      new TarLimits(1 << 20, 32 << 10, 1024, 1024, 64 << 10, 10_000_000);

  /** For our own, whose hash was checked: what a file system can hold must come back. */
  public static final TarLimits OWN =
      new TarLimits(64 << 20, 1 << 20, 1 << 19, 1 << 20, 16 << 20, Long.MAX_VALUE);
}
